/* Contents of every kind
   in every memory. */
        .scalar
bytes:  .byte 1, -1, 255, 'a'
        .asciz "a \"b\"\n", "\x41"
        .align 2
words:  .word bytes, words - bytes, %hi(words), last
        .fill 3, 2, 0x1234
        .size words, 20
        .external
        .org 0x1000
burst:  .zero 64
        .lanelocal
        .org 2048 * 3 + 2       # lane 3, address 2
lane3:  .half 7, -7
        .vector
        .balign 64
        .vec 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
row:    .vec *-1
        .text
1:      nop
        .align 4
        .word 0xffffffff, last
        .org 0x20
last:   ecall
.Lhidden: nop
        .symbol buffer, vector, 0x4000, 640
        .symbol version, abs, 3
        .globl last
"a name":
a0_like = 7
