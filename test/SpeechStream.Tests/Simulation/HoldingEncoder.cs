using System.Buffers;

namespace SpeechStream.Tests.Simulation;

/// <summary>An encoder whose output can't be taken for samples: each stream has a header, holds up to 20 ms back, and has every bit turned over.</summary>
internal sealed class HoldingEncoder : AudioEncoder
{
    public static ReadOnlySpan<byte> Header => "HEAD"u8;

    public int Streams { get; private set; }

    public int Disposed { get; private set; }

    public override AudioFormat Format => AudioFormat.Opus;

    public override AudioEncoderStream CreateStream(int sampleRate)
    {
        Streams++;
        return new Stream(this, sampleRate / 50 * sizeof(short));
    }

    /// <summary>What the service makes of a message.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> message, bool isFirst)
    {
        if (isFirst && !message.StartsWith(Header))
        {
            throw new InvalidOperationException("A stream begins without its header.");
        }

        return Array.ConvertAll(message[(isFirst ? Header.Length : 0)..].ToArray(), bits => (byte)~bits);
    }

    private sealed class Stream(HoldingEncoder owner, int frame) : AudioEncoderStream
    {
        private readonly List<byte> _held = [];
        private bool _isBegun;

        public override void Write(ReadOnlySpan<byte> samples, IBufferWriter<byte> encoded)
        {
            (samples.Length % 2).Should().Be(0, "an encoder gets whole samples");
            _held.AddRange(samples);
            Send(_held.Count - (_held.Count % frame), encoded);
        }

        public override void Complete(IBufferWriter<byte> encoded) => Send(_held.Count, encoded);

        protected override void Dispose(bool disposing)
        {
            owner.Disposed++;
            base.Dispose(disposing);
        }

        private void Send(int count, IBufferWriter<byte> encoded)
        {
            if (!_isBegun && count > 0)
            {
                _isBegun = true;
                encoded.Write(Header);
            }

            encoded.Write(_held.Take(count).Select(bits => (byte)~bits).ToArray());
            _held.RemoveRange(0, count);
        }
    }
}
