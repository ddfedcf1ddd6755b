// Sums and differences of all operands, wrapped and clamped: the specification computes with integers and knows nothing
// of carries. The comparison's bit is that of the exact difference.
module specification (
    input wire signed [15:0] a,
    input wire signed [15:0] b,
    input wire subtract,
    input wire saturate
);
    wire [15:0] y;
    wire negative;

    add_subtract block (.a(a), .b(b), .subtract(subtract), .saturate(saturate), .y(y), .negative(negative));

    wire signed [31:0] exact = subtract ? a - b : a + b;
`ifdef WRONG_CLAMP
    localparam signed [31:0] MOST = 32766;
`else
    localparam signed [31:0] MOST = 32767;
`endif
    wire signed [31:0] clamped = exact > MOST ? MOST : exact < -32768 ? -32768 : exact;

    always @(*) begin
        if (saturate) assert ($signed(y) == clamped);
        else assert (y == exact[15:0]);
`ifdef WRONG_SIGN
        assert (negative == y[15]);
`else
        assert (negative == (exact < 0));
`endif
        if (subtract) assert (negative == (a < b));
    end
endmodule
