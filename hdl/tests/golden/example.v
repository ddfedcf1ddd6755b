module example (
    input wire clock,
    input wire [1:0] mode,
    input wire [15:0] starts,
    input wire write,
    output wire [15:0] counts,
    output wire full,
    output wire [15:0] log
);
    wire [7:0] counter_0_value;
    wire counter_0_full;
    wire [7:0] counter_1_value;
    wire counter_1_full;
    wire [15:0] pack_whole;
    wire memory_read_enable_0;
    wire [15:0] memory_read_data_0;
    reg [2:0] at = 3'h0;

    counter counter_0 (
        .clock(clock),
        .mode(mode),
        .start(starts[7:0]),
        .value(counter_0_value),
        .full(counter_0_full)
    );

    counter counter_1 (
        .clock(clock),
        .mode(mode),
        .start(starts[15:8]),
        .value(counter_1_value),
        .full(counter_1_full)
    );

    pack_2x8 pack (
        .part_0(counter_0_value),
        .part_1(counter_1_value),
        .whole(pack_whole)
    );

    memory_16x8_block memory (
        .clock(clock),
        .write_enable(write),
        .write_address(at),
        .write_data(pack_whole),
        .read_enable_0(memory_read_enable_0),
        .read_address_0(at),
        .read_data_0(memory_read_data_0)
    );

    assign counts = pack_whole;
    assign full = counter_0_full & counter_1_full;
    assign memory_read_enable_0 = ~write;
    assign log = memory_read_data_0;

    always @(posedge clock) begin
        at <= at + 3'd1;
    end
endmodule

module memory_16x8_block (
    input wire clock,
    input wire write_enable,
    input wire [2:0] write_address,
    input wire [15:0] write_data,
    input wire read_enable_0,
    input wire [2:0] read_address_0,
    output reg [15:0] read_data_0
);
    (* no_rw_check, ram_style = "block" *)
    reg [15:0] words_0 [0:7];

    always @(posedge clock) begin
        if (read_enable_0) read_data_0 <= words_0[read_address_0];
        if (write_enable) words_0[write_address] <= write_data;
    end
endmodule

module pack_2x8 (
    input wire [7:0] part_0,
    input wire [7:0] part_1,
    output reg [15:0] whole
);
    always @(*) whole = {part_1, part_0};
endmodule

module counter (
    input wire clock,
    input wire [1:0] mode,
    input wire [7:0] start,
    output wire [7:0] value,
    output wire full
);
    // counts up, or takes a value
    localparam [7:0] most = 8'hff;
    localparam [1:0] Mode_Count = 2'd1;
    localparam [1:0] Mode_Hold = 2'd0;
    localparam [1:0] Mode_Load = 2'd2;
    reg [7:0] held_next;
    reg [7:0] held = 8'h0;

    always @(*) begin
        held_next = held;
        case (mode)
            Mode_Hold: begin
            end
            Mode_Count: begin
                held_next = held + 8'd1;
            end
            Mode_Load: begin
                held_next = start;
            end
            default: begin
            end
        endcase
    end

    assign value = held;

    // Rust compares eight bits, so Verilog must not keep the carry.
    assign full = ((held + 8'd1) == 8'd0) & (held == most);

    always @(posedge clock) begin
        held <= held_next;
    end
endmodule
