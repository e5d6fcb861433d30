using System.Buffers.Binary;
using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Audio;

/// <summary>A page of Ogg (RFC 3533, section 6).</summary>
internal sealed record OggFrame(uint Sequence, long Granule, bool IsFirst, bool IsLast, byte[] Lacing, byte[] Body)
{
    private const int HeaderBytes = 27;
    private const int ChecksumAt = 22;

    /// <summary>Reads the page at the beginning of the bytes. False when it isn't whole yet.</summary>
    /// <exception cref="TaskFailure">It is no page, or a damaged one.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out OggFrame page, out int length)
    {
        (page, length) = (null!, 0);
        var name = bytes[..Math.Min(4, bytes.Length)];
        Demand("OggS"u8.StartsWith(name), "Invalid opus header");
        if (bytes.Length < HeaderBytes || bytes.Length < HeaderBytes + bytes[HeaderBytes - 1])
        {
            return false;
        }

        var bodyAt = HeaderBytes + bytes[HeaderBytes - 1];
        var lacing = bytes[HeaderBytes..bodyAt].ToArray();
        length = bodyAt + lacing.Sum(segment => segment);
        if (bytes.Length < length)
        {
            return false;
        }

        Demand(BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) == Checksum(bytes[..length]), "Opus page is damaged");
        page = new(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[18..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[6..]),
            (bytes[5] & 2) != 0,
            (bytes[5] & 4) != 0,
            lacing,
            bytes[bodyAt..length].ToArray());
        return true;
    }

    /// <exception cref="TaskFailure">It isn't so.</exception>
    public static void Demand(bool good, string otherwise)
    {
        if (!good)
        {
            throw new TaskFailure(FailureCause.Container, otherwise);
        }
    }

    /// <summary>The remainder of the page, with zeros for the checksum itself, by the polynomial 0x04C11DB7, bit by bit: a page has a few hundred bytes.</summary>
    private static uint Checksum(ReadOnlySpan<byte> page)
    {
        var sum = 0u;
        for (var i = 0; i < page.Length; i++)
        {
            sum ^= (i is >= ChecksumAt and < ChecksumAt + sizeof(uint) ? 0u : page[i]) << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum & 0x80000000) != 0 ? (sum << 1) ^ 0x04C11DB7 : sum << 1;
            }
        }

        return sum;
    }
}
