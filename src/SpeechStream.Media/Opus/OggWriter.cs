using System.Buffers;
using System.Buffers.Binary;

namespace SpeechStream.Media.Opus;

/// <summary>Writes the pages of one logical stream. Each call makes one page.</summary>
internal sealed class OggWriter(uint serial)
{
    private const int FirstFlag = 2;
    private const int LastFlag = 4;

    private readonly List<byte> _lacing = [];
    private readonly ArrayBufferWriter<byte> _body = new();
    private uint _sequence;

    /// <summary>How many packets the next page has until now.</summary>
    public int Packets { get; private set; }

    /// <summary>Adds a packet to the next page.</summary>
    /// <remarks>A page has room for 255 segments: a packet needs one for each 255 bytes, and another one.</remarks>
    public void Add(ReadOnlySpan<byte> packet)
    {
        _body.Write(packet);
        Packets++;
        for (var left = packet.Length; left >= 0; left -= byte.MaxValue)
        {
            _lacing.Add((byte)Math.Min(left, byte.MaxValue));
        }
    }

    /// <summary>Writes a page with the packets that were added.</summary>
    /// <param name="granule">The time at the end of the last packet.</param>
    /// <param name="isLast">Whether the stream ends.</param>
    /// <param name="to">Where the page goes.</param>
    public void WritePage(long granule, bool isLast, IBufferWriter<byte> to)
    {
        var length = OggPage.HeaderBytes + _lacing.Count + _body.WrittenCount;
        var page = to.GetSpan(length)[..length];
        page[..OggPage.HeaderBytes].Clear();
        "OggS"u8.CopyTo(page);
        page[5] = (byte)((_sequence == 0 ? FirstFlag : 0) | (isLast ? LastFlag : 0));
        BinaryPrimitives.WriteInt64LittleEndian(page[6..], granule);
        BinaryPrimitives.WriteUInt32LittleEndian(page[14..], serial);
        BinaryPrimitives.WriteUInt32LittleEndian(page[18..], _sequence++);
        page[OggPage.HeaderBytes - 1] = (byte)_lacing.Count;
        for (var i = 0; i < _lacing.Count; i++)
        {
            page[OggPage.HeaderBytes + i] = _lacing[i];
        }

        _body.WrittenSpan.CopyTo(page[(OggPage.HeaderBytes + _lacing.Count)..]);
        OggPage.Sign(page);
        to.Advance(length);
        _lacing.Clear();
        Packets = 0;
        _body.ResetWrittenCount();
    }
}
