using System.Runtime.CompilerServices;
using SpeechStream.Audio.Formats;
using SpeechStream.Media;

namespace SpeechStream.Cli.Inputs;

/// <summary>One channel of a recording of the command line, or standard input, as 16-bit mono samples: raw ones as they are, everything else converted.</summary>
internal sealed class AudioFile : IAsyncDisposable
{
    private const int PieceBytes = 16 * 1024;
    private const int SampleBytes = 2;

    private readonly InputStream? _stream;
    private readonly AudioSource? _source;
    private readonly int _sampleRate;

    private AudioFile(InputStream? stream, AudioSource? source, int sampleRate) => (_stream, _source, _sampleRate) = (stream, source, sampleRate);

    /// <summary>How long it is; null when that isn't known before all is read.</summary>
    public TimeSpan? Length { get; private init; }

    public int Channels => _source?.Found.Channels ?? 1;

    /// <summary>What it is and what is made of it; null for what is sent as it is.</summary>
    public string? Conversion => _source?.Found is { } found && !IsSentAsItIs(found)
        ? FormattableString.Invariant($"{Kind(found)}, {found.SampleRate} Hz, {Count(found.Channels, "channel")}, decoded by {Decoder(found)}; sent as 16-bit mono with {_sampleRate} Hz")
        : null;

    public IEnumerable<string> Warnings => _source?.Warnings ?? [];

    /// <param name="file">The argument.</param>
    /// <param name="options">The rate of raw samples and of what is sent, and the channel.</param>
    /// <param name="isRaw">Audio that has no known header is raw samples, whatever its name is.</param>
    /// <param name="openInput">Opens standard input.</param>
    /// <param name="interrupted">Ends standard input, as its end does.</param>
    /// <exception cref="ArgumentException">It isn't audio that can be transcribed, and would be heard as noise.</exception>
    public static async Task<AudioFile> OpenAsync(string file, AudioSourceOptions options, bool isRaw, Func<Stream> openInput, CancellationToken interrupted)
    {
        var isInput = FileName.IsInput(file);
        if (!isInput && !isRaw && !FileName.IsRaw(file))
        {
            var source = await AudioSource.OpenAsync(file, options, CancellationToken.None).ConfigureAwait(false);
            return new AudioFile(null, source, options.SampleRate) { Length = source.Found.Duration };
        }

        var inner = isInput ? openInput() : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var stream = new InputStream(inner, isInput ? interrupted : CancellationToken.None);
        try
        {
            AudioSignature? found = null;
            var start = isRaw || !isInput ? await stream.PeekAsync((read, isWhole) => AudioSignature.TryRecognize(read, isWhole, withFrames: false, out found)).ConfigureAwait(false) : [];
            if (found is null && (isRaw || !isInput))
            {
                return start.Length < SampleBytes ? throw new ArgumentException("0 s of audio: it is empty.")
                    : options.Channel > 1 ? throw new ArgumentException($"--channel is {options.Channel}, and raw samples have one.")
                    : new AudioFile(stream, null, options.SampleRate) { Length = isInput || !inner.CanSeek ? null : TimeOf(inner.Length, options.SampleRate) };
            }

            var source = await (isInput || !inner.CanSeek ? AudioSource.OpenAsync(stream, options, CancellationToken.None) : AudioSource.OpenAsync(file, options, CancellationToken.None)).ConfigureAwait(false);
            return new AudioFile(stream, source, options.SampleRate) { Length = source.Found.Duration };
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>What comes from a time on, to the end; nothing when it ends before.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(TimeSpan from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var left = from.Ticks * _sampleRate / TimeSpan.TicksPerSecond * SampleBytes;
        await foreach (var piece in (_source?.ReadAsync(cancellationToken) ?? ReadRawAsync(cancellationToken)).ConfigureAwait(false))
        {
            var skipped = (int)Math.Min(left, piece.Length);
            left -= skipped;
            if (skipped < piece.Length)
            {
                yield return piece[skipped..];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync().ConfigureAwait(false);
        }

        if (_stream is not null)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadRawAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var piece = new byte[PieceBytes];
        while (!cancellationToken.IsCancellationRequested && await _stream!.ReadAsync(piece, CancellationToken.None).ConfigureAwait(false) is > 0 and var count)
        {
            yield return piece.AsMemory(0, count);
        }
    }

    private bool IsSentAsItIs(AudioDescription found) => found is { Codec: "PCM", Channels: 1, BitsPerSample: 16 } && found.SampleRate == _sampleRate;

    private static string Kind(AudioDescription found) =>
        found.Codec is null || found.Codec.Equals(found.Format, StringComparison.OrdinalIgnoreCase) ? found.Format : $"{found.Format} with {Depth(found)}{found.Codec}";

    // What the samples of a file that is otherwise sent as it is are converted for.
    private static string Depth(AudioDescription found) => found is { Codec: "PCM", BitsPerSample: { } bits and not 16 } ? $"{bits}-bit " : "";

    private static string Decoder(AudioDescription found) => found.DecodedBy switch
    {
        AudioDecoder.BuiltIn => "this program",
        AudioDecoder.Ffmpeg => "ffmpeg",
        var other => other.ToString(),
    };

    private static string Count(int count, string word) => count == 1 ? $"1 {word}" : $"{count} {word}s";

    /// <summary>How long samples last.</summary>
    public static TimeSpan TimeOf(long bytes, int sampleRate) => TimeSpan.FromSeconds((double)bytes / SampleBytes / sampleRate);
}
