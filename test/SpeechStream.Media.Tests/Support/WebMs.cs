using System.Buffers.Binary;
using System.Text;

namespace SpeechStream.Media.Tests.Support;

/// <summary>Writes WebM, element by element.</summary>
internal static class WebMs
{
    public const string Opus = "A_OPUS";
    public const int Unlaced = 0;
    public const int Xiph = 1;
    public const int Fixed = 2;
    public const int EbmlLacing = 3;
    private const int PacketMilliseconds = 20;

    // Behind an identifier: the content goes on to the end of the file, or to the next element of the same kind.
    private static readonly byte[] Unknown = [0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];

    /// <summary>As a browser records it: nothing has a length, and clusters are a second long.</summary>
    public static List<byte[]> Slices(OpusPackets packets, long start = 0)
    {
        var slices = new List<byte[]> { Head(packets.Head) };
        for (var at = 0; at < packets.List.Count; at += 50)
        {
            var blocks = packets.List.Skip(at).Take(50).SelectMany((packet, index) => SimpleBlock(index * PacketMilliseconds, packet));
            slices.Add([.. UnknownLength(0x1F43B675), .. Element(0xE7, Number(start + (at * PacketMilliseconds))), .. blocks]);
        }

        return slices;
    }

    public static byte[] Head(byte[] opusHead, string codec = Opus, byte[]? before = null, byte[]? encodings = null) =>
    [
        .. Element(0x1A45DFA3, Element(0x4282, "webm"u8.ToArray())),
        .. UnknownLength(0x18538067),
        .. Element(0x1549A966, Element(0x2AD7B1, Number(1_000_000))),
        .. Tracks(opusHead, codec, before, encodings),
    ];

    public static byte[] Tracks(byte[] opusHead, string codec = Opus, byte[]? before = null, byte[]? encodings = null) => Element(
        0x1654AE6B,
        [
            .. before ?? [],
            .. Element(0xAE,
            [
                .. Element(0xD7, [1]), .. Element(0x83, [2]), .. Element(0x86, Encoding.ASCII.GetBytes(codec)), .. Element(0x63A2, opusHead), .. encodings ?? [],
                .. Element(0xE1, [.. Element(0x9F, [2])]),
            ]),
        ]);

    public static byte[] VideoTrack(int number) => Element(0xAE, [.. Element(0xD7, [(byte)number]), .. Element(0x83, [1]), .. Element(0x86, "V_VP8"u8.ToArray())]);

    public static byte[] Cluster(long time, params byte[][] blocks) => Element(0x1F43B675, [.. Element(0xE7, Number(time)), .. blocks.SelectMany(block => block)]);

    public static byte[] SimpleBlock(int time, params byte[][] packets) => SimpleBlock(time, 1, Unlaced, packets);

    public static byte[] SimpleBlock(int time, int track, int lacing, params byte[][] packets) => Element(0xA3, Block(time, track, lacing, packets));

    /// <summary>A block whose last nanoseconds aren't heard.</summary>
    public static byte[] BlockGroup(int time, byte[] packet, long discarded) =>
        Element(0xA0, [.. Element(0xA1, Block(time, 1, Unlaced, [packet])), .. Element(0x75A2, Number(discarded))]);

    public static byte[] Element(uint id, byte[] content) => [.. Id(id), .. Length(content.Length), .. content];

    public static byte[] UnknownLength(uint id) => [.. Id(id), .. Unknown];

    private static byte[] Block(int time, int track, int lacing, byte[][] packets)
    {
        var lengths = packets[..^1].Select(packet => packet.Length).ToList();
        byte[] header = lacing switch
        {
            Unlaced => [],
            Xiph => [(byte)lengths.Count, .. lengths.SelectMany(length => Enumerable.Repeat(byte.MaxValue, length / 255).Append((byte)(length % 255)))],
            EbmlLacing => [(byte)lengths.Count, .. Length(lengths[0]), .. lengths.Zip(lengths.Skip(1)).SelectMany(pair => Difference(pair.Second - pair.First))],
            _ => [(byte)lengths.Count],
        };
        return [(byte)(0x80 | track), (byte)(time >> 8), (byte)time, (byte)(0x80 | (lacing << 1)), .. header, .. packets.SelectMany(packet => packet)];
    }

    // Two bytes, which hold it with an offset of 8191.
    private static byte[] Difference(int value) => [(byte)(0x40 | ((value + 8191) >> 8)), (byte)(value + 8191)];

    private static byte[] Length(int length) => [0x10, (byte)(length >> 16), (byte)(length >> 8), (byte)length];

    private static byte[] Number(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Id(uint id) => [.. Number(id).SkipWhile(item => item == 0)];
}
