using System.Buffers.Binary;

namespace SpeechStream.Media.Tests.Support;

/// <summary>Writes Ogg, page by page.</summary>
internal static class Oggs
{
    public const int First = 2;
    public const int Last = 4;
    private const int PacketsPerPage = 10;

    public static byte[] File(OpusPackets packets, uint serial = 1) => [.. Pages(packets, serial).SelectMany(page => page)];

    /// <summary>The header, the comments, and pages of 200 ms. The last one ends where the sound does.</summary>
    public static List<byte[]> Pages(OpusPackets packets, uint serial = 1, long start = 0)
    {
        var pages = new List<byte[]> { Page(serial, 0, 0, First, packets.Head), Page(serial, 1, 0, 0, [.. "OpusTags"u8, .. new byte[600]]) };
        foreach (var group in packets.List.Chunk(PacketsPerPage))
        {
            var number = pages.Count;
            var isLast = packets.List.Count <= (number - 1) * PacketsPerPage;
            var granule = isLast ? packets.PreSkip + packets.Duration : (number - 1L) * PacketsPerPage * OpusPackets.Frame;
            pages.Add(Page(serial, number, start + granule, isLast ? Last : 0, group));
        }

        return pages;
    }

    public static byte[] Page(uint serial, int sequence, long granule, int flags, params byte[][] packets) =>
        Page(serial, sequence, granule, flags, [.. packets.SelectMany(packet => Enumerable.Repeat(byte.MaxValue, packet.Length / 255).Append((byte)(packet.Length % 255)))], [.. packets.SelectMany(packet => packet)]);

    public static byte[] Page(uint serial, int sequence, long granule, int flags, byte[] lacing, byte[] body)
    {
        byte[] page = [.. "OggS\0"u8, (byte)flags, .. BitConverter.GetBytes(granule), .. BitConverter.GetBytes(serial), .. BitConverter.GetBytes(sequence), 0, 0, 0, 0, (byte)lacing.Length, .. lacing, .. body];
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(22), Checksum(page));
        return page;
    }

    /// <summary>Gives each page that is whole its checksum again, so that damage is found in what it holds.</summary>
    public static byte[] Repair(byte[] file)
    {
        for (var at = 0; (at = file.AsSpan(at).IndexOf("OggS"u8) is >= 0 and var next ? at + next : -1) >= 0 && at + 27 <= file.Length; at += 4)
        {
            var segments = file.AsSpan(at + 27, Math.Min(file[at + 26], file.Length - at - 27)).ToArray();
            var length = 27 + segments.Length + segments.Sum(segment => segment);
            if (at + length <= file.Length)
            {
                file.AsSpan(at + 22, 4).Clear();
                BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at + 22), Checksum(file[at..(at + length)]));
            }
        }

        return file;
    }

    // RFC 3533, section 6: the polynomial 0x04c11db7, neither reflected nor inverted.
    private static uint Checksum(byte[] page)
    {
        var sum = 0u;
        foreach (var item in page)
        {
            sum ^= (uint)item << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum & 0x80000000) != 0 ? (sum << 1) ^ 0x04C11DB7 : sum << 1;
            }
        }

        return sum;
    }
}
