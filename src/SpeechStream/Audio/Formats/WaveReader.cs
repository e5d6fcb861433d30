using System.Buffers;
using System.Buffers.Binary;

namespace SpeechStream.Audio.Formats;

/// <summary>The samples in a stream of WAV, in which several recordings may follow one another: they are heard as one.</summary>
/// <remarks>What follows the samples is another chunk, which isn't audio; another header; or more samples, when the length in the header is wrong.</remarks>
/// <param name="isForService">Whether audio that the service doesn't take is refused. Without it, all that isn't compressed is read.</param>
internal sealed class WaveReader(bool isForService = true)
{
    private const int ChunkBytes = 8;
    private const int HeaderStartBytes = 12;

    // A chunk behind the samples is shorter. Four samples that spell letters are rare; four letters and a length like this occur in no recording.
    private const uint LongestChunk = 0xFF_FFFF;

    // The beginning of a header, or of what follows the samples, until it is decided.
    private readonly ArrayBufferWriter<byte> _undecided = new();

    private Part _part = Part.Header;

    // Bytes of this part that are still to come.
    private long _left;

    // A part of a sample behind the samples, and the byte of padding that chunks of odd length have. They are samples, too, if samples follow.
    private int _padding;

    private bool _isLengthKnown;

    private enum Part
    {
        Header,
        Samples,

        /// <summary>Behind samples, or where they would begin when the header doesn't tell their length.</summary>
        SamplesOrChunk,
        Skipped,

        /// <summary>Behind a chunk.</summary>
        Chunk,
    }

    /// <summary>What the samples are; null before the first header is complete.</summary>
    public WaveFormat? Format { get; private set; }

    /// <summary>Samples per second; null before the first header is complete.</summary>
    public int? SampleRate => Format?.SampleRate;

    /// <summary>Bytes of samples so far.</summary>
    public long Read { get; private set; }

    /// <summary>Bytes of samples that headers have promised and that didn't come, once the stream has ended.</summary>
    public long Missing => _part == Part.Samples && _left != long.MaxValue ? _left : 0;

    /// <summary>More samples follow than a header promised, as when its 32-bit length overflowed.</summary>
    public bool IsLonger { get; private set; }

    /// <summary>Takes the next bytes, and writes the samples in them.</summary>
    /// <exception cref="ArgumentException">A header is malformed, or its audio isn't what the service takes.</exception>
    public void Write(ReadOnlySpan<byte> bytes, IBufferWriter<byte> samples)
    {
        while (!bytes.IsEmpty)
        {
            if (_part is Part.Samples or Part.Skipped)
            {
                var count = (int)Math.Min(bytes.Length, _left);
                if (_part == Part.Samples)
                {
                    WriteSamples(bytes[..count], samples);
                }

                bytes = bytes[count..];
                Pass(count);
                continue;
            }

            _undecided.Write(bytes);
            bytes = [];
            if (_part == Part.Header ? TryReadHeader(out var from) : TryDecide(out from))
            {
                // What came after it is of the next part.
                var rest = _undecided.WrittenSpan[from..].ToArray();
                _undecided.ResetWrittenCount();
                bytes = rest;
            }
        }
    }

    /// <summary>The stream has ended.</summary>
    /// <exception cref="ArgumentException">It ended within a header, or has no samples.</exception>
    public void Complete(IBufferWriter<byte> samples)
    {
        if (_part == Part.SamplesOrChunk && !_isLengthKnown)
        {
            WriteSamples(_undecided.WrittenSpan, samples);
        }

        if (_part == Part.Header)
        {
            throw WaveHeader.EndedWithin(_undecided.WrittenCount);
        }

        if (Read < (Format?.BlockAlign ?? 1))
        {
            throw new ArgumentException("The WAV audio has no samples: 0 s of audio follow its header. Check the recording, and what recorded it.");
        }
    }

    private bool TryReadHeader(out int headerBytes)
    {
        headerBytes = 0;
        if (WaveHeader.TryRead(_undecided.WrittenSpan, out var header, isForService) == WaveHeaderResult.NeedMore)
        {
            return false;
        }

        if (Format is { } first && first != header.Format)
        {
            throw new ArgumentException(header.Format.SampleRate == first.SampleRate
                ? "Another WAV header follows the audio, with another format. Transcribe the recordings one by one."
                : $"Another WAV header follows the audio, with {header.Format.SampleRate} samples per second in place of {first.SampleRate}. Transcribe the recordings one by one.");
        }

        (Format, headerBytes) = (header.Format, header.HeaderBytes);
        _isLengthKnown = header.DataBytes is not null;
        (_part, _left) = header.DataBytes is { } length ? (Part.Samples, length - length % header.Format.BlockAlign) : (Part.SamplesOrChunk, long.MaxValue);
        _padding = (int)(header.DataBytes % header.Format.BlockAlign + (header.DataBytes & 1) ?? 0);
        Pass(0);
        return true;
    }

    /// <summary>Decides what follows the samples.</summary>
    private bool TryDecide(out int from)
    {
        from = 0;
        if (_undecided.WrittenCount < _padding + HeaderStartBytes)
        {
            return false;
        }

        var start = _undecided.WrittenSpan[_padding..];
        if (WaveHeader.LooksLikeWave(start))
        {
            (_part, from) = (Part.Header, _padding);
        }
        else if (IsChunk(start))
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(start[4..ChunkBytes]);
            (_part, _left, from) = (Part.Skipped, size + (size & 1), _padding + ChunkBytes);
            Pass(0);
        }
        else if (_part == Part.SamplesOrChunk)
        {
            IsLonger |= _isLengthKnown;
            (_part, _left) = (Part.Samples, long.MaxValue);
        }
        else
        {
            (_part, _left) = (Part.Skipped, long.MaxValue);
        }

        _padding = 0;
        return true;
    }

    private void Pass(int count)
    {
        if (_left != long.MaxValue && (_left -= count) <= 0)
        {
            _part = _part == Part.Skipped ? Part.Chunk : Part.SamplesOrChunk;
        }
    }

    private void WriteSamples(ReadOnlySpan<byte> bytes, IBufferWriter<byte> samples)
    {
        samples.Write(bytes);
        Read += bytes.Length;
    }

    /// <summary>Whether this, which stands behind samples, is a chunk. It has 8 bytes at least.</summary>
    public static bool IsChunk(ReadOnlySpan<byte> start) =>
        !start[..4].ContainsAnyExceptInRange((byte)' ', (byte)'~') && BinaryPrimitives.ReadUInt32LittleEndian(start[4..ChunkBytes]) <= LongestChunk;
}
