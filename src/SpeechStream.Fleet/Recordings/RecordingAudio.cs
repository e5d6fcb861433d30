using System.Runtime.CompilerServices;
using SpeechStream.Audio.Formats;
using SpeechStream.Media;

namespace SpeechStream.Fleet.Recordings;

/// <summary>A recording as 16-bit mono samples: raw ones (<c>.pcm</c> and <c>.raw</c>) as they are, everything else converted here, on the worker.</summary>
internal sealed class RecordingAudio : IAsyncDisposable
{
    private const int PieceBytes = 16 * 1024;
    private const int SampleBytes = 2;

    private readonly Stream? _stream;
    private readonly AudioSource? _source;
    private readonly int _sampleRate;
    private readonly Uri _uri;
    private readonly long _bytes;

    private RecordingAudio(Uri uri, Stream? stream, AudioSource? source, int sampleRate) =>
        (_uri, _bytes, _stream, _source, _sampleRate) = (uri, BytesOf(uri), stream, source, sampleRate);

    /// <summary>How long it is; null when that isn't known before all is read.</summary>
    public TimeSpan? Duration { get; private init; }

    /// <summary>Whether the same time is the same sample whenever it is read. Decoders of compressed audio don't promise that, so such a recording begins anew.</summary>
    public bool CanResume => _source?.Found.DecodedBy is null or AudioDecoder.BuiltIn or AudioDecoder.NAudio;

    /// <summary>Whether its file has become longer since it was opened, as one that a recorder still writes. Its end may not have been read then.</summary>
    public bool HasGrown => BytesOf(_uri) > _bytes;

    /// <exception cref="ArgumentException">It isn't audio that can be transcribed.</exception>
    /// <exception cref="IOException">It isn't there, or can't be read.</exception>
    public static async Task<RecordingAudio> OpenAsync(Uri uri, int sampleRate, HttpClient http, CancellationToken cancellationToken)
    {
        // On another thread, since a file may hang, as on a share whose server is away. Who gives up doesn't wait for it.
        var opening = Task.Run(() => OpenHereAsync(uri, sampleRate, http, cancellationToken), CancellationToken.None);
        try
        {
            return await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = CloseAsync(opening);
            throw;
        }
    }

    private static async Task CloseAsync(Task<RecordingAudio> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully)
        {
            await (await opening.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<RecordingAudio> OpenHereAsync(Uri uri, int sampleRate, HttpClient http, CancellationToken cancellationToken)
    {
        var options = new AudioSourceOptions { SampleRate = sampleRate };
        if (uri.IsFile && !IsRaw(uri))
        {
            var source = await AudioSource.OpenAsync(uri.LocalPath, options, cancellationToken).ConfigureAwait(false);
            return new RecordingAudio(uri, null, source, sampleRate) { Duration = source.Found.Duration };
        }

        Stream stream = uri.IsFile
            ? new FileStream(uri.LocalPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true)
            : await HttpRecording.OpenAsync(uri, http, cancellationToken).ConfigureAwait(false);
        try
        {
            if (IsRaw(uri) && uri.IsFile && await IsRawAsync(stream, cancellationToken).ConfigureAwait(false))
            {
                return new RecordingAudio(uri, stream, null, sampleRate) { Duration = TimeOf(stream.Length, sampleRate) };
            }

            if (IsRaw(uri) && !uri.IsFile)
            {
                return new RecordingAudio(uri, stream, null, sampleRate) { Duration = stream.Length > 0 ? TimeOf(stream.Length, sampleRate) : null };
            }

            var source = await AudioSource.OpenAsync(stream, options, cancellationToken).ConfigureAwait(false);
            return new RecordingAudio(uri, stream, source, sampleRate) { Duration = source.Found.Duration };
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>What comes from a time on, to the end; nothing when it ends before.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(TimeSpan from, [EnumeratorCancellation] CancellationToken cancellationToken)
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
        while (await _stream!.ReadAsync(piece, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            yield return piece.AsMemory(0, count);
        }
    }

    private static long BytesOf(Uri uri) => uri.IsFile && new FileInfo(uri.LocalPath) is { Exists: true } file ? file.Length : 0;

    private static bool IsRaw(Uri uri) => Path.GetExtension(uri.AbsolutePath).ToUpperInvariant() is ".PCM" or ".RAW";

    /// <summary>Looks at the beginning, since files lie about what they are.</summary>
    private static async Task<bool> IsRawAsync(Stream file, CancellationToken cancellationToken)
    {
        var head = new byte[PieceBytes];
        var count = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        file.Position = 0;
        AudioSignature.TryRecognize(head.AsSpan(0, count), isWhole: true, withFrames: false, out var found);
        return count < SampleBytes ? throw new ArgumentException("0 s of audio: it is empty.") : found is null;
    }

    private static TimeSpan TimeOf(long bytes, int sampleRate) => TimeSpan.FromSeconds((double)bytes / SampleBytes / sampleRate);
}
