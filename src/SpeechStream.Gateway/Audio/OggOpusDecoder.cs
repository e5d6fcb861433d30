using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Audio;

/// <summary>Decodes Opus in Ogg (RFC 7845) that comes in pieces of any size, and checks what a client can do wrong: a page that is damaged or missing, a wrong time, too many packets.</summary>
/// <remarks>Written apart from the library's encoder and decoder on purpose; the README says why. Only Concentus, which knows the codec, is the same.</remarks>
internal sealed class OggOpusDecoder : IDisposable
{
    private const int OpusRate = 48000;

    // The service refuses more.
    private const int MostPackets = 100;
    private const int MostMilliseconds = 120;

    // Packets of Opus are far shorter; comments, which are packets, too, may have some text.
    private const int LongestPacket = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _samples = new();
    private readonly ArrayBufferWriter<byte> _packet = new();
    private readonly short[] _decoded;
    private readonly int _sampleRate;
    private readonly Concentus.Structs.OpusDecoder _decoder;
    private byte[] _rest = [];
    private uint _nextPage;
    private int _headersLeft;
    private long _toSkip;

    // In granules: samples at 48 kHz.
    private long _position;

    /// <param name="sampleRate">Samples per second that the task wants.</param>
    /// <exception cref="TaskFailure">Opus has no such rate.</exception>
    public OggOpusDecoder(int sampleRate)
    {
        if (sampleRate is not (8000 or 12000 or 16000 or 24000 or OpusRate))
        {
            throw new TaskFailure(FailureCause.UnsupportedFormat);
        }

#pragma warning disable CS0618 // The factory that is recommended instead takes a native libopus where it finds one, and with it other samples on each machine.
        _decoder = new(sampleRate, 1);
#pragma warning restore CS0618
        (_sampleRate, _decoded) = (sampleRate, new short[sampleRate / 1000 * MostMilliseconds]);
    }

    /// <summary>The samples in this piece, valid until the next one.</summary>
    /// <exception cref="TaskFailure">It isn't Opus in Ogg as the service takes it.</exception>
    public ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> piece)
    {
        _samples.ResetWrittenCount();
        _rest = [.. _rest, .. piece.Span];
        var at = 0;
        while (OggFrame.TryRead(_rest.AsSpan(at), out var page, out var length))
        {
            Take(page);
            at += length;
        }

        _rest = _rest[at..];
        return _samples.WrittenMemory;
    }

    public void Dispose() => _decoder.Dispose();

    private void Take(OggFrame page)
    {
        if (page.IsFirst)
        {
            (_nextPage, _headersLeft, _position) = (page.Sequence, 2, 0);
            _decoder.ResetState();
        }

        OggFrame.Demand(page.Sequence == _nextPage++, "Opus page is missing");
        var packets = page.Lacing.Count(length => length < byte.MaxValue);
        OggFrame.Demand(packets <= MostPackets, $"Too many opus packets per page: max={MostPackets}, actual={packets}");
        var (from, before) = (0, _samples.WrittenCount);
        foreach (var length in page.Lacing)
        {
            _packet.Write(page.Body.AsSpan(from, length));
            OggFrame.Demand(_packet.WrittenCount <= LongestPacket, "Opus packet is too long");
            from += length;
            if (length < byte.MaxValue)
            {
                TakePacket(_packet.WrittenSpan);
                _packet.ResetWrittenCount();
            }
        }

        if (_headersLeft > 0 || packets == 0)
        {
            return;
        }

        // The last page may say that the audio ends before its packets do.
        var extra = _position - page.Granule;
        OggFrame.Demand(page.IsLast ? extra >= 0 : extra == 0, $"Opus page ends at {page.Granule}, and its packets at {_position}");
        var heard = Math.Max(before, _samples.WrittenCount - (int)(extra * _sampleRate / OpusRate * sizeof(short)));
        var kept = _samples.WrittenSpan[..heard].ToArray();
        _samples.ResetWrittenCount();
        _samples.Write(kept);
    }

    private void TakePacket(ReadOnlySpan<byte> packet)
    {
        switch (_headersLeft)
        {
            case 2:
                OggFrame.Demand(packet.Length >= 19 && packet.StartsWith("OpusHead"u8), "Invalid opus header");
                _toSkip = BinaryPrimitives.ReadUInt16LittleEndian(packet[10..]) * (long)_sampleRate / OpusRate;
                _headersLeft--;
                return;
            case 1:
                OggFrame.Demand(packet.StartsWith("OpusTags"u8), "Invalid opus header");
                _headersLeft--;
                return;
        }

        // RFC 6716, section 3.1: the configuration is in the first 5 bits. Below 48 kHz, Concentus 2.2.2 makes silence of hybrid packets (its issue 67).
        var isHybrid = !packet.IsEmpty && packet[0] >> 3 is >= 12 and <= 15;
        OggFrame.Demand(!isHybrid || _sampleRate == OpusRate, $"The local gateway can't decode hybrid opus packets at {_sampleRate}. Encode audio of {_sampleRate} samples per second");

        int count;
        try
        {
            count = _decoder.Decode(packet, _decoded, _decoded.Length);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Damaged packets lead the decoder to exceptions of many kinds.
            throw new TaskFailure(FailureCause.Container, "Opus packet is damaged");
        }

        _position += (long)count * OpusRate / _sampleRate;
        var skipped = (int)Math.Min(_toSkip, count);
        _toSkip -= skipped;
        _samples.Write(MemoryMarshal.AsBytes(_decoded.AsSpan(skipped, count - skipped)));
    }
}
