# Stands in for Vivado: tclsh vivado-stub.tcl SCRIPT. Knows the commands that a generated script may use, with their options
# (UG835, Vivado Design Suite Tcl Command Reference Guide); anything else is an error. Keeps the block design's objects,
# so that a pin can only be connected when it was made. Prints each call.
set options {
  create_project {-part 1 -force 0}
  set_property {-dict 1}
  current_project {}
  add_files {-norecurse 0 -fileset 1}
  update_compile_order {-fileset 1}
  create_bd_design {}
  create_bd_cell {-type 1 -reference 1 -vlnv 1}
  apply_bd_automation {-rule 1 -config 1}
  get_bd_intf_pins {}
  get_bd_pins {}
  create_bd_port {-dir 1 -from 1 -to 1}
  get_bd_ports {}
  connect_bd_net {}
  assign_bd_address {}
  validate_bd_design {}
  save_bd_design {}
  make_wrapper {-files 1 -top 0}
  get_files {}
  current_fileset {}
  launch_runs {-to_step 1 -jobs 1}
  wait_on_run {}
  open_run {}
  get_timing_paths {-delay_type 1 -max_paths 1}
  get_property {}
  report_utilization {-file 1}
  report_timing_summary {-file 1}
  write_hw_platform {-fixed 0 -include_bit 0 -force 0 -file 1}
  synth_design {-top 1 -part 1 -mode 1}
  write_checkpoint {-force 0}
}
# Pins of the cells that the automation makes (PG082 and PG201: the processing systems' interfaces).
set pins {
  processing_system7 {M_AXI_GP0 S_AXI_HP0 IRQ_F2P FCLK_CLK0}
  zynq_ultra_ps_e {M_AXI_HPM0_FPD S_AXI_HP0_FPD pl_ps_irq0 pl_clk0}
  firebrick_axi {s_axil m_axi done_interrupt status aclk aresetn}
}
set cells [dict create]
set ports [list]

proc split_call {command words} {
  set flags [dict create]
  set rest [list]
  set known [dict get $::options $command]
  while {[llength $words] > 0} {
    set words [lassign $words word]
    if {![string match -* $word]} { lappend rest $word; continue }
    if {![dict exists $known $word]} { error "$command has no option $word" }
    if {[dict get $known $word] == 0} { dict set flags $word 1; continue }
    if {[llength $words] == 0} { error "$command $word needs a value" }
    set words [lassign $words value]
    dict set flags $word $value
  }
  return [list $flags $rest]
}

proc require_pin {path} {
  lassign [split [string trimleft $path /] /] cell pin
  if {![dict exists $::cells $cell]} { error "no cell $cell in the block design" }
  if {$pin ni [dict get $::pins [dict get $::cells $cell]]} { error "cell $cell has no pin $pin" }
  return $path
}

proc call {command words} {
  puts "$command $words"
  lassign [split_call $command $words] flags rest
  switch $command {
    create_bd_cell {
      set kind [expr {[dict exists $flags -reference] ? [dict get $flags -reference] : [lindex [split [dict get $flags -vlnv] :] 2]}]
      dict set ::cells [lindex $rest 0] $kind
      return [lindex $rest 0]
    }
    create_bd_port { lappend ::ports [lindex $rest 0] }
    get_bd_ports { if {[lindex $rest 0] ni $::ports} { error "no port [lindex $rest 0]" } }
    get_bd_pins - get_bd_intf_pins { return [require_pin [lindex $rest 0]] }
    apply_bd_automation {
      foreach {key value} [dict get $flags -config] {
        if {$key in {Master Slave}} { require_pin $value }
      }
    }
    add_files {
      foreach list $rest { foreach file $list {
        if {![file exists $file] && ![string match *wrapper* $file]} { error "no file $file" }
      } }
    }
    make_wrapper { return system_wrapper.v }
    get_timing_paths { return [dict get $flags -delay_type] }
    get_property {
      set name STUB_SLACK_[lindex $rest 1]
      return [expr {[info exists ::env($name)] ? $::env($name) : 0.125}]
    }
    create_project { set ::project [lindex $rest 1] }
    launch_runs {
      # what the run leaves behind, from 2020.2 on
      foreach path {firebrick.runs/impl_1/system_wrapper.bit firebrick.gen/sources_1/bd/system/hw_handoff/system.hwh} {
        file mkdir [file dirname [file join $::project $path]]
        close [open [file join $::project $path] w]
      }
    }
  }
  return [lindex $rest 0]
}

foreach command [dict keys $options] { proc $command {args} "call $command \$args" }
proc unknown {args} { error "Vivado has no command [lindex $args 0]" }
source [lindex $argv 0]
