// Shifts without rounding, for every value and amount: products with, and quotients by, a power of two.
module specification (
    input wire signed [15:0] a,
    input wire [3:0] own,
    input wire [3:0] immediate,
    input wire by_immediate,
    input wire right
);
    wire signed [15:0] y;

    shift block (.a(a), .own(own), .immediate(immediate), .by_immediate(by_immediate), .right(right), .y(y));

    wire [3:0] amount = by_immediate ? immediate : own;
    wire signed [33:0] unit = 34'sd1 << amount;
    wire signed [33:0] up = y * unit;
    wire signed [33:0] product = a * unit;

    always @(*) begin
        if (!right) assert (y == product[15:0]);
`ifdef WRONG_TOWARD_ZERO
        // Toward zero.
        else assert (a < 0 ? up >= a && up < a + unit : up <= a && a < up + unit);
`else
        else assert (up <= a && a < up + unit);
`endif
    end
endmodule
