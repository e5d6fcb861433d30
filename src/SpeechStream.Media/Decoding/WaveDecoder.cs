using System.Buffers;
using System.Buffers.Binary;
using SpeechStream.Audio.Formats;
using SpeechStream.Media.Conversion;

namespace SpeechStream.Media.Decoding;

/// <summary>WAV, and RF64 or BW64, whose lengths have 64 bits. Several recordings in one stream are heard as one.</summary>
internal sealed class WaveDecoder : Decoder
{
    private const int ChunkBytes = 8;
    private const int WaveHeaderBytes = 12;

    // Each costs a read. What has more of them is damaged.
    private const int MostChunks = 1000;

    private readonly WaveReader _reader = new(isForService: false);
    private readonly AudioInput _input;
    private readonly WaveFormat _format;
    private bool _isAtEnd;

    private WaveDecoder(AudioInput input, WaveFormat format, TimeSpan? duration, int targetRate)
    {
        (_input, _format) = (input, format);
        Description = Describe("WAV", format, duration, targetRate);
    }

    public override AudioDescription Description { get; }

    public override IEnumerable<string> Warnings
    {
        get
        {
            if (_isAtEnd && _reader.Missing > 0)
            {
                yield return CutOff(ToTime(_reader.Read, _format), ToTime(_reader.Missing, _format));
            }

            if (_reader.IsLonger)
            {
                yield return Longer(ToTime(_reader.Read, _format));
            }
        }
    }

    /// <summary>Null when the samples are compressed.</summary>
    /// <exception cref="ArgumentException">The header is malformed.</exception>
    public static async ValueTask<WaveDecoder?> TryOpenAsync(AudioInput input, int targetRate)
    {
        WaveHeader header;
        while (!WaveHeader.TryRead(input.Buffered.Span, out header, isForService: false))
        {
            if (!await input.FillAsync(input.Buffered.Length + 1).ConfigureAwait(false))
            {
                throw new ArgumentException($"The WAV audio ended within its header, after {input.Buffered.Length} bytes. Give the whole recording.");
            }
        }

        return header.Format.IsUncompressed
            ? new WaveDecoder(input, header.Format, await DurationAsync(input, header).ConfigureAwait(false), targetRate)
            : null;
    }

    public override async IAsyncEnumerable<AudioBlock> DecodeAsync()
    {
        var (bytes, samples) = (new ArrayBufferWriter<byte>(), new SampleReader(_format));
        for (var hasMore = true; hasMore;)
        {
            hasMore = await _input.FillAsync(1).ConfigureAwait(false);
            bytes.ResetWrittenCount();
            if (hasMore)
            {
                _reader.Write(_input.Buffered.Span, bytes);
                _input.Take(_input.Buffered.Length);
            }
            else
            {
                _reader.Complete(bytes);
                _isAtEnd = true;
            }

            yield return samples.Read(bytes.WrittenSpan);
        }
    }

    public static TimeSpan ToTime(long bytes, WaveFormat format) => TimeSpan.FromSeconds((double)(bytes / format.BlockAlign) / format.SampleRate);

    public static AudioDescription Describe(string container, WaveFormat format, TimeSpan? duration, int targetRate) => new()
    {
        Format = container,
        Codec = format.Encoding switch { WaveFormat.Float => "float PCM", WaveFormat.ALaw => "A-law", WaveFormat.MuLaw => "µ-law", _ => "PCM" },
        SampleRate = format.SampleRate,
        Channels = format.Channels,
        BitsPerSample = format.Bits,
        Duration = duration,
        DecodedBy = format.SampleRate == targetRate && format.Encoding is WaveFormat.Pcm or WaveFormat.Float ? AudioDecoder.BuiltIn : AudioDecoder.NAudio,
    };

    /// <summary>By the lengths of the chunks of samples where they are right, and by the file where they aren't; null for a stream whose header doesn't tell.</summary>
    private static async ValueTask<TimeSpan?> DurationAsync(AudioInput input, WaveHeader header)
    {
        var bytes = input.Length is not { } length ? header.DataBytes
            : header.DataBytes is { } promised ? await SamplesAsync(input, header.HeaderBytes, promised).ConfigureAwait(false) ?? length - header.HeaderBytes
            : length - header.HeaderBytes;
        return bytes is null ? null : ToTime(bytes.Value, header.Format);
    }

    /// <summary>Bytes of samples in all chunks to the end of the file; null when something else than a chunk is behind one.</summary>
    private static async ValueTask<long?> SamplesAsync(AudioInput input, long at, long size)
    {
        var samples = Math.Min(size, input.Length!.Value - at);
        for (var chunks = 0; chunks < MostChunks; chunks++)
        {
            at += size;
            var padding = (int)(size & 1);
            var behind = await input.PeekAsync(at, WaveHeaderBytes + padding).ConfigureAwait(false);
            if (behind.Length < WaveHeaderBytes)
            {
                return samples;
            }

            var next = WaveReader.FindNext(behind, padding, hasPadding: padding == 1);
            if (next < 0 || WaveHeader.LooksLikeWave(behind.AsSpan(next)))
            {
                return null;
            }

            (at, size) = (at + next + ChunkBytes, BinaryPrimitives.ReadUInt32LittleEndian(behind.AsSpan(next + 4)));
            samples += behind.AsSpan(next).StartsWith("data"u8) ? Math.Clamp(input.Length.Value - at, 0, size) : 0;
        }

        return null;
    }
}
