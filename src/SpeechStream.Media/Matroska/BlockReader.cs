namespace SpeechStream.Media.Matroska;

/// <summary>The packets in a block, several of which may be laced together (RFC 9559, section 10).</summary>
internal static class BlockReader
{
    private const int XiphLacing = 1;
    private const int EbmlLacing = 3;

    /// <summary>The header of a block in bytes: track, time, flags; 0 when it isn't whole.</summary>
    public static int ReadHeader(ReadOnlySpan<byte> block, out long track, out short time, out int lacing)
    {
        var number = Ebml.ReadNumber(block, out track);
        (time, lacing) = (0, 0);
        if (number == 0 || block.Length < number + 3)
        {
            return 0;
        }

        (time, lacing) = ((short)((block[number] << 8) | block[number + 1]), (block[number + 2] >> 1) & 3);
        return number + 3;
    }

    /// <summary>Divides what is behind the header of a block. Where the lengths are wrong, what is readable is returned.</summary>
    public static List<ReadOnlyMemory<byte>> Divide(ReadOnlyMemory<byte> content, int lacing)
    {
        if (lacing == 0)
        {
            return [content];
        }

        if (content.IsEmpty)
        {
            return [];
        }

        var (count, at) = (content.Span[0] + 1, 1);
        var lengths = lacing switch
        {
            XiphLacing => XiphLengths(content.Span, count, ref at),
            EbmlLacing => EbmlLengths(content.Span, count, ref at),
            _ => [.. Enumerable.Repeat((content.Length - at) / count, count - 1)],
        };

        // The last packet takes what is left.
        var packets = new List<ReadOnlyMemory<byte>>();
        foreach (var length in lengths)
        {
            if (length < 0 || length > content.Length - at)
            {
                return packets;
            }

            packets.Add(content.Slice(at, (int)length));
            at += (int)length;
        }

        packets.Add(content[Math.Min(at, content.Length)..]);
        return packets;
    }

    private static List<long> XiphLengths(ReadOnlySpan<byte> content, int count, ref int at)
    {
        var lengths = new List<long>();
        for (var length = 0L; lengths.Count < count - 1 && at < content.Length; at++)
        {
            length += content[at];
            if (content[at] < byte.MaxValue)
            {
                lengths.Add(length);
                length = 0;
            }
        }

        return lengths;
    }

    /// <summary>The first length as it is, and then differences.</summary>
    private static List<long> EbmlLengths(ReadOnlySpan<byte> content, int count, ref int at)
    {
        var lengths = new List<long>();
        while (lengths.Count < count - 1)
        {
            var bytes = Ebml.ReadNumber(content[Math.Min(at, content.Length)..], out var number);
            if (bytes == 0)
            {
                break;
            }

            at += bytes;
            lengths.Add(lengths.Count == 0 ? number : lengths[^1] + number - ((1L << (7 * bytes - 1)) - 1));
        }

        return lengths;
    }
}
