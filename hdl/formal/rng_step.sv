// One step of xoroshiro32++ as its definition says it, in the definition's order; and two facts about the sequence: no two
// states have the same successor, and only the state of zeros is followed by zeros.
module specification (
    input wire [15:0] s0,
    input wire [15:0] s1,
    input wire [15:0] t0,
    input wire [15:0] t1
);
    wire [15:0] sample;
    wire [15:0] next0;
    wire [15:0] next1;
    wire [15:0] other;
    wire [15:0] other0;
    wire [15:0] other1;

    rng_step block (.s0(s0), .s1(s1), .sample(sample), .next0(next0), .next1(next1));
    rng_step second (.s0(t0), .s1(t1), .sample(other), .next0(other0), .next1(other1));

    reg [15:0] sum;
    reg [15:0] word0;
    reg [15:0] word1;

    always @(*) begin
        sum = s0 + s1;
        assert (sample == {sum[6:0], sum[15:7]} + s0);
        word1 = s1 ^ s0;
`ifdef WRONG_ROTATION
        word0 = {s0[3:0], s0[15:4]} ^ word1 ^ {word1[10:0], 5'd0};
`else
        word0 = {s0[2:0], s0[15:3]} ^ word1 ^ {word1[10:0], 5'd0};
`endif
        assert (next0 == word0);
`ifdef WRONG_CARRY
        // The sum's carry goes round, as in a wider register.
        assert (sample == {sum[6:0], sum[15:7]} + s0 + (s0 + s1 < s0));
`endif
        assert (next1 == {word1[5:0], word1[15:6]});
        if ({s0, s1} != {t0, t1}) assert ({next0, next1} != {other0, other1});
        assert (({next0, next1} == 0) == ({s0, s1} == 0));
    end
endmodule
