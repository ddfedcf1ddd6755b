// The path of a product: rounding, shift, saturation, for every shift and mode and any 32 bits as the product.
//
// The specification does not shift the product. It says by how much the rounded result, scaled up again, may differ from
// it: that determines the result.
module specification (
    input wire clock,
    input wire signed [31:0] product,
    input wire [3:0] shift,
    input wire [1:0] mode,
    input wire [14:0] sample,
    input wire saturate
);
    wire [14:0] mask;
    wire [14:0] half;
    wire signed [31:0] rounded;
    wire [15:0] y;

    rounding control (.shift(shift), .mode(mode), .mask(mask), .half(half));
    round_shift round (
        .clock(clock), .value(product), .shift(shift), .mask(mask), .half(half), .sample(sample), .y(rounded)
    );
    narrow narrow (.value(rounded), .saturate(saturate), .y(y));

    // What went in at the last edge.
    reg started = 1'b0;
    reg signed [31:0] was_product;
    reg [3:0] was_shift;
    reg [1:0] was_mode;
    reg [14:0] was_sample;

    always @(posedge clock) begin
        started <= 1'b1;
        was_product <= product;
        was_shift <= shift;
        was_mode <= mode;
        was_sample <= sample;
    end

    wire signed [50:0] unit = 51'sd1 << was_shift;
    wire signed [50:0] result = rounded;
    wire signed [50:0] error = (result << was_shift) - was_product;
    wire signed [50:0] dropped = was_product & (unit - 51'sd1);
    wire signed [50:0] random = $signed({36'd0, was_sample}) & (unit - 51'sd1);

    always @(*) if (started) begin
        case (was_mode)
`ifdef WRONG_NEAREST
            // Half down.
            2'd1: assert (-unit <= 2 * error && 2 * error < unit);
`else
            // The nearest multiple; of two, the upper.
            2'd1: assert (-unit < 2 * error && 2 * error <= unit);
`endif
`ifdef WRONG_RANDOM
            2'd2: assert (error == (dropped + random > unit ? unit : 51'sd0) - dropped);
`else
            // Up with the probability of what is dropped.
            2'd2: assert (error == (dropped + random >= unit ? unit : 51'sd0) - dropped);
`endif
`ifdef WRONG_BELOW
            default: assert (-unit < 2 * error && error <= 0);
`else
            // The multiple below.
            default: assert (-unit < error && error <= 0);
`endif
        endcase
`ifdef WRONG_CLAMP
        if (!saturate || rounded == 32768) assert (y == rounded[15:0]);
`else
        if (!saturate) assert (y == rounded[15:0]);
`endif
        else if (rounded > 32767) assert (y == 16'h7fff);
        else if (rounded < -32768) assert (y == 16'h8000);
        else assert ($signed(y) == rounded);
    end
endmodule
