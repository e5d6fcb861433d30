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

    // Whether that byte of padding is expected; many programs leave it out.
    private bool _hasPadding;

    private bool _isLengthKnown;

    private enum Part
    {
        Header,
        Samples,

        /// <summary>Behind samples, or where they would begin when the header says that there are none.</summary>
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
        if (!WaveHeader.TryRead(_undecided.WrittenSpan, out var header, isForService))
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
        BeginSamples(header.DataBytes, header.Format.BlockAlign, header.MayBeEmpty);
        return true;
    }

    private void BeginSamples(long? bytes, int blockAlign, bool mayBeEmpty)
    {
        _isLengthKnown = bytes is not null;
        (_part, _left) = (bytes is null && mayBeEmpty ? Part.SamplesOrChunk : Part.Samples, bytes - bytes % blockAlign ?? long.MaxValue);
        _padding = (int)(bytes % blockAlign + (bytes & 1) ?? 0);
        _hasPadding = (bytes & 1) == 1;
        Pass(0);
    }

    /// <summary>Decides what follows the samples.</summary>
    private bool TryDecide(out int from)
    {
        from = 0;
        if (_undecided.WrittenCount < _padding + HeaderStartBytes)
        {
            return false;
        }

        from = FindNext(_undecided.WrittenSpan, _padding, _hasPadding);
        var start = from < 0 ? default : _undecided.WrittenSpan[from..];
        var isHeader = WaveHeader.LooksLikeWave(start);
        (_padding, _hasPadding) = (0, false);
        if (isHeader)
        {
            _part = Part.Header;
        }
        else if (from >= 0)
        {
            from += ChunkBytes;
            BeginChunk(start);
        }
        else
        {
            from = 0;
            IsLonger |= _part == Part.SamplesOrChunk && _isLengthKnown;
            (_part, _left) = (_part == Part.SamplesOrChunk ? Part.Samples : Part.Skipped, long.MaxValue);
        }

        return true;
    }

    /// <summary>The audio of one recording may be in several chunks.</summary>
    private void BeginChunk(ReadOnlySpan<byte> start)
    {
        var size = BinaryPrimitives.ReadUInt32LittleEndian(start[4..ChunkBytes]);
        if (start.StartsWith("data"u8) && Format is { } format)
        {
            BeginSamples(size, format.BlockAlign, mayBeEmpty: false);
            return;
        }

        (_part, _left, _padding, _hasPadding) = (Part.Skipped, size, (int)(size & 1), (size & 1) == 1);
        Pass(0);
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

    /// <summary>Where the next header or chunk begins, behind samples or a chunk. Many programs leave out the padding.</summary>
    /// <param name="bytes">What stands behind whole samples.</param>
    /// <param name="padding">A part of a sample, and the byte of padding.</param>
    /// <param name="hasPadding">Whether there should be such a byte.</param>
    /// <returns>-1 when it is neither.</returns>
    public static int FindNext(ReadOnlySpan<byte> bytes, int padding, bool hasPadding) =>
        IsNext(bytes, padding) && (bytes[Math.Max(0, padding - 1)] == 0 || !hasPadding || !IsNext(bytes, padding - 1)) ? padding
        : hasPadding && IsNext(bytes, padding - 1) ? padding - 1
        : -1;

    private static bool IsNext(ReadOnlySpan<byte> bytes, int at) => bytes.Length >= at + HeaderStartBytes && (WaveHeader.LooksLikeWave(bytes[at..]) || IsChunk(bytes[at..]));

    /// <summary>Whether this, which stands behind samples, is a chunk. It has 8 bytes at least.</summary>
    private static bool IsChunk(ReadOnlySpan<byte> start) =>
        !start[..4].ContainsAnyExceptInRange((byte)' ', (byte)'~') && BinaryPrimitives.ReadUInt32LittleEndian(start[4..ChunkBytes]) <= LongestChunk;
}
