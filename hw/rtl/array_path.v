// The array, the kernels and tables behind its lanes, and the space in the rings that a finished tile gives back: stages C to L
// of pe_array, then KernelStages more, then one for tables. The kernels are a generated module, activation_kernels: all of
// them on one value. A token's activation n is kernel n - 1, those behind the last kernel are the slots of tables.
`default_nettype none

module array_path #(
    parameter Pk           = 8,
    parameter Pc           = 8,
    parameter BusBytes     = 16,
    parameter DwKh         = 3,
    parameter DwKw         = 3,
    parameter Columns      = 1,    // of a window that a step may take, 1 or 2
    parameter WeightDepth  = 512,  // words of the weight ring
    parameter KeptWords    = 0,    // words beside it that stay from image to image
    parameter ParamDepth   = 64,   // groups of the parameter ring
    parameter KeptGroups   = 0,    // groups that stay
    parameter PatchWords   = 0,    // words of a patch that sparse steps choose from; 0: there are none
    parameter Paired       = 0,    // 1: two products a multiplier; 2: two lanes a requantiser too, 3: their windows lie side by side
    parameter Float32      = 0,    // 1: requantisers have a float mode
    parameter SumW         = 32,   // bits of a sum, 32, or 25 where all fit
    parameter LeftShifts   = 1,    // 1: sums are shifted left
    parameter Averages     = 1,    // 1: magnitudes are divided, or without rounding
    parameter NarrowWeights = 0,   // 1: all are -127 to 127
    parameter SerialMax    = 0,    // 1: serial phases may keep the greatest tap
    parameter Requantise   = 7,    // stages of the requantiser
    parameter Kernels      = 0,    // behind each lane, at most 15
    parameter KernelStages = 3,    // cycles that all of them take
    parameter Tables       = 0,    // 1: behind each lane, eight slots for tables
    parameter AddrW        = 10,
    parameter BankW        = 2,
    parameter TokenW       = 130   // bits of the token
) (
    input wire clk_i,
    input wire rst_i,

    // parameter ring
    input wire                                                             param_we_i,
    input wire [                                   $clog2(ParamDepth+KeptGroups)-1:0] param_addr_i,
    input wire [                                                      1:0] param_field_i,
    input wire [((Pk * 4 > BusBytes) ? $clog2(Pk * 4 / BusBytes) : 1)-1:0] param_part_i,
    input wire [                                           BusBytes*8-1:0] param_data_i,

    // weight ring
    input wire                                                               weight_we_i,
    input wire [                                    $clog2(WeightDepth+KeptWords)-1:0] weight_addr_i,
    input wire [((Pk * Pc > BusBytes) ? $clog2(Pk * Pc / BusBytes) : 1)-1:0] weight_part_i,
    input wire [                                             BusBytes*9-1:0] weight_data_i,
    input wire [                                             BusBytes*3-1:0] weight_selectors_i,
    input wire [                                                        7:0] weight_position_i,

    // tables: slot, and value + 128
    input wire        table_we_i,
    input wire [10:0] table_addr_i,
    input wire [ 7:0] table_data_i,

    // both rings: space given back
    output wire        free_valid_o,
    output wire [15:0] free_words_o,
    output wire [15:0] free_groups_o,

    // stage B: weight word of the step
    input wire [15:0] next_words_i,
    input wire        next_kept_i,

    // stage C: a word of a patch, which is patch_i; a sparse step, and whether it is the last of its patch
    input wire fetch_valid_i,
    input wire fetch_first_i,
    input wire fetch_last_i,
    input wire sparse_i,
    input wire patch_last_i,

    // stage C: step
    input wire              valid_i,
    input wire [       1:0] kind_i,   // 0 conv, 1 depthwise column, 2 serial tap, 3 one of a maximum
    input wire              pair_i,   // depthwise: two columns
    input wire              first_i,
    input wire              last_i,
    input wire [       7:0] tap_i,
    input wire [      15:0] words_i,
    input wire [      15:0] group_i,
    input wire              kept_i,
    input wire [      31:0] quant_i,  // zx, output zero point, min, max
    input wire [TokenW-1:0] token_i,

    // stage C: its operands
    input wire [     Pc*8-1:0] patch_i,
    input wire [     Pk*8-1:0] taps_i,
    input wire [Pk*Columns*DwKh*8-1:0] columns_i,

    // results
    output wire              result_valid_o,
    output wire [TokenW-1:0] result_token_o,
    output wire [  Pk*8-1:0] result_data_o
);
  localparam Activations = (Kernels > 0 || Tables > 0) ? 1 : 0;
  // of the array, for a whole depthwise window
  localparam WindowCycles = (DwKh * DwKw + Pc - 1) / Pc * ((Paired == 1 || Paired == 2) ? 2 : 1);

  generate
    if (Kernels < 0 || Kernels > 15) begin : gen_bad_kernels
      firebrick_error_kernels_must_be_0_to_15 u_error ();
    end
    if ((Tables != 0 && Tables != 1) || Kernels + 8 * Tables > 15) begin : gen_bad_tables
      firebrick_error_tables_must_be_0_or_1_and_kernels_beside_them_at_most_7 u_error ();
    end
  endgenerate

  wire array_valid;
  wire [TokenW-1:0] array_token;
  wire [Pk*8-1:0] array_data;
  pe_array #(
      .Requantise (Requantise),
      .Pk         (Pk),
      .Pc         (Pc),
      .BusBytes   (BusBytes),
      .DwKh       (DwKh),
      .DwKw       (DwKw),
      .Columns    (Columns),
      .StepW      ((WindowCycles > 1) ? $clog2(WindowCycles) : 1),
      .WeightPartW((Pk * Pc > BusBytes) ? $clog2(Pk * Pc / BusBytes) : 1),
      .ParamPartW ((Pk * 4 > BusBytes) ? $clog2(Pk * 4 / BusBytes) : 1),
      .WeightDepth(WeightDepth),
      .KeptWords  (KeptWords),
      .ParamDepth (ParamDepth),
      .KeptGroups (KeptGroups),
      .PatchWords (PatchWords),
      .Paired     (Paired),
      .Float32    (Float32),
      .SumW       (SumW),
      .LeftShifts (LeftShifts),
      .Averages   (Averages),
      .NarrowWeights(NarrowWeights),
      .SerialMax  (SerialMax),
      .TokenW     (TokenW)
  ) u_array (
      .clk_i         (clk_i),
      .rst_i         (rst_i),
      .weight_we_i   (weight_we_i),
      .weight_addr_i (weight_addr_i),
      .weight_part_i (weight_part_i),
      .weight_data_i (weight_data_i),
      .weight_selectors_i(weight_selectors_i),
      .weight_position_i(weight_position_i),
      .param_we_i    (param_we_i),
      .param_addr_i  (param_addr_i),
      .param_field_i (param_field_i),
      .param_part_i  (param_part_i),
      .param_data_i  (param_data_i),
      .next_words_i  (next_words_i),
      .next_kept_i   (next_kept_i),
      .fetch_valid_i (fetch_valid_i),
      .fetch_first_i (fetch_first_i),
      .fetch_last_i  (fetch_last_i),
      .sparse_i      (sparse_i),
      .patch_last_i  (patch_last_i),
      .valid_i       (valid_i),
      .kind_i        (kind_i),
      .pair_i        (pair_i),
      .first_i       (first_i),
      .last_i        (last_i),
      .tap_i         (tap_i),
      .words_i       (words_i),
      .group_i       (group_i),
      .kept_i        (kept_i),
      .quant_i       (quant_i),
      .token_i       (token_i),
      .patch_i       (patch_i),
      .taps_i        (taps_i),
      .columns_i     (columns_i),
      .result_valid_o(array_valid),
      .result_token_o(array_token),
      .result_data_o (array_data)
  );

  // ---- rings
  wire read_free, read_kept;
  wire [15:0] read_free_words, read_free_groups;
  token_release #(
      .AddrW      (AddrW),
      .BankW      (BankW),
      .Activations(Activations)
  ) u_token_release (
      .token_i      (array_token),
      .free_groups_o(read_free_groups),
      .free_words_o (read_free_words),
      .free_o       (read_free),
      .kept_o       (read_kept)
  );

  weight_release u_release (
      .clk_i        (clk_i),
      .rst_i        (rst_i),
      .valid_i      (array_valid && read_free),
      .kept_i       (read_kept),
      .words_i      (read_free_words),
      .groups_i     (read_free_groups),
      .free_valid_o (free_valid_o),
      .free_words_o (free_words_o),
      .free_groups_o(free_groups_o)
  );

  // ---- kernels behind the lanes
  wire kernel_valid;
  wire [TokenW-1:0] kernel_token;
  wire [Pk*8-1:0] kernel_data;
  genvar k;
  generate
    if (Kernels > 0) begin : gen_activation
      delay_line #(
          .Width (TokenW + 1),
          .Stages(KernelStages)
      ) u_to_activated (
          .clk_i (clk_i),
          .rst_i (rst_i),
          .data_i({array_token, array_valid}),
          .data_o({kernel_token, kernel_valid})
      );

      wire [3:0] named;
      token_activation #(
          .AddrW      (AddrW),
          .BankW      (BankW),
          .Activations(Activations)
      ) u_token_activation (
          .token_i     (kernel_token),
          .activation_o(named)
      );
      // values for a table pass
      wire [3:0] choice = (Tables > 0 && named > Kernels[3:0]) ? 4'd0 : named;

      for (k = 0; k < Pk; k = k + 1) begin : gen_lane
        wire [Kernels*8-1:0] results;
        activation_kernels u_kernels (
            .clk_i    (clk_i),
            .x_i      (array_data[k*8+:8]),
            .results_o(results)
        );
        activation_select #(
            .Count (Kernels),
            .Stages(KernelStages)
        ) u_select (
            .clk_i    (clk_i),
            .data_i   (array_data[k*8+:8]),
            .choice_i (choice),
            .results_i(results),
            .data_o   (kernel_data[k*8+:8])
        );
      end
    end else begin : gen_no_activation
      assign kernel_valid = array_valid;
      assign kernel_token = array_token;
      assign kernel_data  = array_data;
    end
  endgenerate

  // ---- tables behind them
  generate
    if (Tables > 0) begin : gen_tables
      delay_line #(
          .Width (TokenW + 1),
          .Stages(1)
      ) u_to_table (
          .clk_i (clk_i),
          .rst_i (rst_i),
          .data_i({kernel_token, kernel_valid}),
          .data_o({result_token_o, result_valid_o})
      );

      wire [3:0] choice;
      token_activation #(
          .AddrW      (AddrW),
          .BankW      (BankW),
          .Activations(Activations)
      ) u_token_table (
          .token_i     (kernel_token),
          .activation_o(choice)
      );
      wire [3:0] slot = choice - Kernels[3:0] - 4'd1;
      wire unused_slot = slot[3];

      for (k = 0; k < Pk; k = k + 1) begin : gen_lane
        table_lookup u_table (
            .clk_i      (clk_i),
            .we_i       (table_we_i),
            .addr_i     (table_addr_i),
            .data_i     (table_data_i),
            .looked_up_i(choice > Kernels[3:0]),
            .slot_i     (slot[2:0]),
            .value_i    (kernel_data[k*8+:8]),
            .data_o     (result_data_o[k*8+:8])
        );
      end
    end else begin : gen_no_tables
      assign result_valid_o = kernel_valid;
      assign result_token_o = kernel_token;
      assign result_data_o  = kernel_data;
      wire unused_table = &{1'b0, table_we_i, table_addr_i, table_data_i};
    end
  endgenerate
endmodule

`default_nettype wire
