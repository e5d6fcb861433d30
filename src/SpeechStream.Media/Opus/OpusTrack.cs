using Concentus.Structs;
using SpeechStream.Media.Decoding;

namespace SpeechStream.Media.Opus;

/// <summary>Decodes the packets of one Opus stream at 48 kHz.</summary>
/// <remarks>Opus has its own way to lower rates, but below 48 kHz Concentus 2.2.2 makes silence of hybrid packets, which speech at 16 to 48 kbit/s has (its issue 67).</remarks>
internal sealed class OpusTrack
{
    /// <summary>The rate of an Opus stream's own times (RFC 7845, section 4).</summary>
    public const int Rate = 48000;

    private const int MostMilliseconds = 120;

    private readonly OpusHead _head;
    private readonly float[] _samples;
    private OpusMSDecoder _decoder;
    private int _toSkip;

    public OpusTrack(OpusHead head)
    {
        (_head, _toSkip) = (head, head.PreSkip);
        _samples = new float[Rate / 1000 * MostMilliseconds * head.Channels];
        _decoder = CreateDecoder();
    }

    public int Channels => _head.Channels;

    /// <summary>Packets that couldn't be decoded. Silence stands in their place.</summary>
    public int Damaged { get; private set; }

    /// <summary>The duration of a packet, in samples at 48 kHz; 0 of one that is invalid.</summary>
    public static int DurationOf(ReadOnlySpan<byte> packet) =>
        packet.IsEmpty || (packet[0] & 3) == 3 && packet.Length < 2 ? 0 : Math.Clamp(OpusPacketInfo.GetNumSamples(packet, Rate), 0, Rate / 1000 * MostMilliseconds);

    /// <summary>Decodes the next packet.</summary>
    /// <param name="packet">Its bytes.</param>
    /// <param name="trimmed">Samples at 48 kHz at its end that aren't heard.</param>
    public AudioBlock Decode(ReadOnlySpan<byte> packet, long trimmed = 0)
    {
        var frames = DurationOf(packet);
        try
        {
            var decoded = frames == 0 ? 0 : _decoder.DecodeMultistream(packet, _samples, frames, decode_fec: false);
            if (decoded != frames || frames == 0)
            {
                throw new InvalidDataException();
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Damaged packets lead the decoder to exceptions of many kinds. Its state may be unusable after one.
            Damaged++;
            _decoder = CreateDecoder();
            _samples.AsSpan(0, frames * Channels).Clear();
        }

        return Heard(frames - (int)Math.Min(frames, trimmed));
    }

    /// <summary>Silence where audio is missing, in pieces.</summary>
    /// <param name="duration">In samples at 48 kHz.</param>
    public IEnumerable<AudioBlock> Silence(long duration)
    {
        var most = _samples.Length / Channels;
        for (var left = duration; left > 0; left -= most)
        {
            _samples.AsSpan().Clear();
            yield return Heard((int)Math.Min(left, most));
        }
    }

    private AudioBlock Heard(int frames)
    {
        var skipped = Math.Min(_toSkip, frames);
        _toSkip -= skipped;
        return new AudioBlock(_samples.AsMemory(skipped * Channels, (frames - skipped) * Channels), Channels, Rate);
    }

    private OpusMSDecoder CreateDecoder()
    {
#pragma warning disable CS0618 // The factory that is recommended instead takes a native libopus where it finds one, and with it other samples and other risks on each machine.
        return new OpusMSDecoder(Rate, _head.Channels, _head.Streams, _head.CoupledStreams, _head.Mapping) { Gain = _head.Gain };
#pragma warning restore CS0618
    }
}
