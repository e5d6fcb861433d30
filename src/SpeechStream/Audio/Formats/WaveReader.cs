using System.Buffers;
using System.Buffers.Binary;

namespace SpeechStream.Audio.Formats;

/// <summary>The samples in a stream of WAV, in which several recordings may follow one another: they are heard as one.</summary>
/// <remarks>What follows the samples is another chunk, which isn't audio; another header; or more samples, when the length in the header is wrong.</remarks>
internal sealed class WaveReader
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

    // Half a sample behind the samples, and the byte of padding that chunks of odd length have.
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

    /// <summary>Samples per second; null before the first header is complete.</summary>
    public int? SampleRate { get; private set; }

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

        if (Read < AudioRate.BytesPerSample)
        {
            throw new ArgumentException("The WAV audio has no samples: 0 s of audio follow its header. Check the recording, and what recorded it.");
        }
    }

    private bool TryReadHeader(out int headerBytes)
    {
        headerBytes = 0;
        if (WaveHeader.TryRead(_undecided.WrittenSpan, out var header) == WaveHeaderResult.NeedMore)
        {
            return false;
        }

        if (SampleRate is { } first && first != header.SampleRate)
        {
            throw new ArgumentException(
                $"Another WAV header follows the audio, with {header.SampleRate} samples per second in place of {first}. Transcribe the recordings one by one.");
        }

        (SampleRate, headerBytes) = (header.SampleRate, header.HeaderBytes);
        _isLengthKnown = header.DataBytes is not null;
        (_part, _left) = header.DataBytes is { } length ? (Part.Samples, length & ~1) : (Part.SamplesOrChunk, long.MaxValue);
        _padding = (int)(header.DataBytes & 1 ?? 0) * AudioRate.BytesPerSample;
        Pass(0);
        return true;
    }

    /// <summary>Decides what follows the samples.</summary>
    private bool TryDecide(out int from)
    {
        from = 0;
        var start = _undecided.WrittenSpan;
        if (start.Length < HeaderStartBytes)
        {
            return false;
        }

        if (WaveHeader.LooksLikeWave(start))
        {
            _part = Part.Header;
        }
        else if (IsChunk(start))
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(start[4..ChunkBytes]);
            (_part, _left, from) = (Part.Skipped, size + (size & 1), ChunkBytes);
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

        return true;
    }

    private void Pass(int count)
    {
        if (_left == long.MaxValue || (_left -= count) > 0)
        {
            return;
        }

        (_part, _left) = _part == Part.Skipped ? (Part.Chunk, 0) : _padding > 0 ? (Part.Skipped, _padding) : (Part.SamplesOrChunk, 0);
        _padding = 0;
    }

    private void WriteSamples(ReadOnlySpan<byte> bytes, IBufferWriter<byte> samples)
    {
        samples.Write(bytes);
        Read += bytes.Length;
    }

    private static bool IsChunk(ReadOnlySpan<byte> start) =>
        !start[..4].ContainsAnyExceptInRange((byte)' ', (byte)'~') && BinaryPrimitives.ReadUInt32LittleEndian(start[4..ChunkBytes]) <= LongestChunk;
}
