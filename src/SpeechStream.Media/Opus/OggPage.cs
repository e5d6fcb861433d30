using System.Buffers.Binary;

namespace SpeechStream.Media.Opus;

/// <summary>A page of an Ogg stream (RFC 3533, section 6).</summary>
/// <param name="Serial">The logical stream that the page belongs to.</param>
/// <param name="Sequence">Counts the pages of the logical stream.</param>
/// <param name="Granule">The time at the end of the last packet that ends on this page; -1 when none does.</param>
/// <param name="Flags">Whether the page continues a packet, is the first, or the last of its stream.</param>
/// <param name="Lacing">The lengths of the segments. One that is shorter than 255 ends a packet.</param>
/// <param name="Body">The segments.</param>
internal sealed record OggPage(uint Serial, uint Sequence, long Granule, int Flags, byte[] Lacing, byte[] Body)
{
    public const int HeaderBytes = 27;

    private const int SegmentsAt = 26;
    private const int ChecksumAt = 22;
    private const uint Polynomial = 0x04C11DB7;

    private static readonly uint[] ChecksumOf = MakeTable();

    public bool IsContinued => (Flags & 1) != 0;

    public bool IsFirst => (Flags & 2) != 0;

    public bool IsLast => (Flags & 4) != 0;

    /// <summary>Whether a page may begin like this.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> header) => header.StartsWith("OggS"u8) && header[4] == 0 && header[5] < 8;

    /// <summary>The length of the page whose header this is; of the header alone while its table of segments isn't whole.</summary>
    public static int LengthOf(ReadOnlySpan<byte> start)
    {
        var length = HeaderBytes + start[SegmentsAt];
        if (start.Length >= length)
        {
            foreach (var segment in start[HeaderBytes..length])
            {
                length += segment;
            }
        }

        return length;
    }

    /// <summary>Null when the checksum is wrong.</summary>
    public static OggPage? Read(ReadOnlySpan<byte> page)
    {
        var bodyAt = HeaderBytes + page[SegmentsAt];
        return Checksum(page) != BinaryPrimitives.ReadUInt32LittleEndian(page[ChecksumAt..])
            ? null
            : new(
                BinaryPrimitives.ReadUInt32LittleEndian(page[14..]),
                BinaryPrimitives.ReadUInt32LittleEndian(page[18..]),
                BinaryPrimitives.ReadInt64LittleEndian(page[6..]),
                page[5],
                page[HeaderBytes..bodyAt].ToArray(),
                page[bodyAt..].ToArray());
    }

    /// <summary>Writes the checksum into a page that is complete otherwise.</summary>
    public static void Sign(Span<byte> page) => BinaryPrimitives.WriteUInt32LittleEndian(page[ChecksumAt..], Checksum(page));

    private static uint Checksum(ReadOnlySpan<byte> page)
    {
        var sum = 0u;
        for (var i = 0; i < page.Length; i++)
        {
            var item = i is >= ChecksumAt and < SegmentsAt ? 0 : page[i];
            sum = (sum << 8) ^ ChecksumOf[(sum >> 24) ^ item];
        }

        return sum;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var sum = i << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum << 1) ^ (sum >> 31) * Polynomial;
            }

            table[i] = sum;
        }

        return table;
    }
}
