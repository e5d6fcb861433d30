using System.Buffers;
using System.Runtime.InteropServices;
using Concentus.Enums;

namespace SpeechStream.Media.Opus;

/// <summary>Opus in Ogg (RFC 7845) as it is spoken: each call makes a page, so that no audio waits for a fuller one.</summary>
internal sealed class OggOpusStream : AudioEncoderStream
{
    private const int FrameMilliseconds = 20;

    // Half a second. The service takes 100 (PROTOCOL 4.2), and at the highest bit rate a page has room for 42.
    private const int MostPackets = 25;

    // The longest frame of Opus (RFC 6716, section 3.2.1), and the byte before it.
    private const int LongestPacket = 1276;

    private readonly Concentus.Structs.OpusEncoder _encoder;
    private readonly OggWriter _ogg = new(serial: 0);
    private readonly byte[] _packet = new byte[LongestPacket];
    private readonly short[] _frame;
    private readonly int _sampleRate;
    private readonly int _granulesPerSample;

    // Samples in the frame that isn't full yet; those of the whole stream until now; those of the frames that were encoded.
    private int _kept;
    private long _taken;
    private long _encoded;

    public OggOpusStream(int sampleRate, int bitrate, int complexity)
    {
#pragma warning disable CS0618 // The factory that is recommended instead takes a native libopus where it finds one, and with it other results and other risks on each machine.
        _encoder = new(sampleRate, 1, OpusApplication.OPUS_APPLICATION_AUDIO) { Bitrate = bitrate, Complexity = complexity, UseVBR = true };
#pragma warning restore CS0618
        _sampleRate = sampleRate;
        _granulesPerSample = OpusTrack.Rate / sampleRate;
        _frame = new short[sampleRate / 1000 * FrameMilliseconds];
    }

    // The encoder's output is so much later than its input. The decoder skips it, so that the times are those of the input.
    private int PreSkip => _encoder.Lookahead * _granulesPerSample;

    public override void Write(ReadOnlySpan<byte> samples, IBufferWriter<byte> encoded)
    {
        BeginIfNew(encoded);
        var left = MemoryMarshal.Cast<byte, short>(samples);
        _taken += left.Length;
        while (!left.IsEmpty)
        {
            var part = left[..Math.Min(left.Length, _frame.Length - _kept)];
            part.CopyTo(_frame.AsSpan(_kept));
            left = left[part.Length..];
            _kept += part.Length;
            if (_kept == _frame.Length)
            {
                EncodeFrame();
                if (_ogg.Packets == MostPackets)
                {
                    WritePage(encoded);
                }
            }
        }

        if (_ogg.Packets > 0)
        {
            WritePage(encoded);
        }
    }

    public override void Complete(IBufferWriter<byte> encoded)
    {
        if (_taken == 0)
        {
            return;
        }

        // Silence fills the last frame, and brings out what the encoder still holds. The page says where the audio ends, and the decoder drops the rest.
        while (_encoded < _taken + _encoder.Lookahead)
        {
            _frame.AsSpan(_kept).Clear();
            EncodeFrame();
        }

        _ogg.WritePage(PreSkip + (_taken * _granulesPerSample), isLast: true, encoded);
    }

    protected override void Dispose(bool disposing)
    {
        _encoder.Dispose();
        base.Dispose(disposing);
    }

    private void BeginIfNew(IBufferWriter<byte> encoded)
    {
        if (_taken == 0)
        {
            _ogg.Add(new OpusHead(1, PreSkip, Gain: 0, Streams: 1, CoupledStreams: 0, [0]).Write(_sampleRate));
            _ogg.WritePage(0, isLast: false, encoded);
            _ogg.Add(OpusHead.Tags("SpeechStream"));
            _ogg.WritePage(0, isLast: false, encoded);
        }
    }

    private void WritePage(IBufferWriter<byte> encoded) => _ogg.WritePage(_encoded * _granulesPerSample, isLast: false, encoded);

    private void EncodeFrame()
    {
        var length = _encoder.Encode(_frame, _frame.Length, _packet, _packet.Length);
        _ogg.Add(_packet.AsSpan(0, length));
        _encoded += _frame.Length;
        _kept = 0;
    }
}
