using System.Buffers;
using System.Runtime.CompilerServices;
using SpeechStream.Media.Conversion;
using SpeechStream.Media.Decoding;

namespace SpeechStream.Media;

/// <summary>
/// A recording of any format, as the audio that <see cref="SpeechStreamClient"/> takes: 16-bit PCM, little-endian, one channel, 8 or 16 kHz. What the recording is,
/// is decided by its content, never by its name.
/// </summary>
/// <remarks>
/// WAV, AIFF, and Opus in Ogg or WebM are decoded in this process, also from live streams. Everything else that is recognized as audio or video is decoded by the program
/// <c>ffmpeg</c>. The recording is converted while it is read, in memory that doesn't grow with its length. Use an instance from one thread at a time.
/// </remarks>
/// <example>
/// <code>
/// await using var source = await AudioSource.OpenAsync("meeting.m4a");
/// await foreach (var e in client.TranscribeAsync(source.ReadAsync()))
/// </code>
/// </example>
public sealed class AudioSource : IAsyncDisposable
{
    private readonly ArrayBufferWriter<byte> _piece = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly MonoConverter _converter;
    private readonly Stream? _file;
    private Decoder? _decoder;
    private IAsyncEnumerator<AudioBlock>? _blocks;
    private bool _isAtEnd;
    private int _readers;
    private bool _isDisposed;

    private AudioSource(AudioSourceOptions options, Stream? file)
    {
        SampleRate = options.SampleRate;
        _converter = new MonoConverter(options.Channel, options.SampleRate);
        _file = file;
    }

    /// <summary>What the recording is.</summary>
    public AudioDescription Found => _decoder!.Description;

    /// <summary>Samples per second of what <see cref="ReadAsync"/> gives, as <see cref="AudioSourceOptions.SampleRate"/> says.</summary>
    public int SampleRate { get; }

    /// <summary>What was wrong with the recording so far, in whole sentences: that it is cut off, longer than its header says, or damaged. Complete once all is read.</summary>
    public IReadOnlyList<string> Warnings => [.. _decoder!.Warnings];

    /// <summary>Opens a file, and decodes its beginning.</summary>
    /// <param name="path">The path of the file. Its extension doesn't matter.</param>
    /// <param name="options">What to make of it. Default: 16 kHz, the average of all channels.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The source. Dispose it, which closes the file.</returns>
    /// <exception cref="ArgumentException">An option is wrong; or the file isn't audio, is broken, has no audio in it, or has no header. The message says what to do.</exception>
    /// <exception cref="DecoderUnavailableException">It needs <c>ffmpeg</c>, which isn't installed.</exception>
    /// <exception cref="IOException">The file can't be opened or read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static Task<AudioSource> OpenAsync(string path, AudioSourceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var copy = (options ?? new()).CopyValidated();
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);

        // What can't seek is a pipe, which no other program can read from its beginning.
        return OpenAsync(new AudioSource(copy, file), file, file.CanSeek ? Path.GetFullPath(path) : null, copy, cancellationToken);
    }

    /// <summary>Opens a stream at its position, which may be live, and waits until its beginning is decoded.</summary>
    /// <param name="stream">The recording. It needn't be able to seek, and isn't disposed.</param>
    /// <param name="options">What to make of it. Default: 16 kHz, the average of all channels.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The source. Dispose it before the stream.</returns>
    /// <exception cref="ArgumentException">An option is wrong; or the stream isn't audio, is broken, has no audio in it, or has no header. The message says what to do.</exception>
    /// <exception cref="DecoderUnavailableException">It needs <c>ffmpeg</c>, which isn't installed.</exception>
    /// <exception cref="IOException">The stream can't be read.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <remarks>MP4 whose index is behind its audio, CAF and WavPack are first copied into a temporary file, since they can't be decoded from their beginning.</remarks>
    public static Task<AudioSource> OpenAsync(Stream stream, AudioSourceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var copy = (options ?? new()).CopyValidated();
        return OpenAsync(new AudioSource(copy, file: null), stream, path: null, copy, cancellationToken);
    }

    /// <summary>Converts the recording to its end, piece by piece, as fast as the pieces are taken. A piece is valid until the next one is read.</summary>
    /// <param name="cancellationToken">Gives up. The source can't be read on after that.</param>
    /// <returns>16-bit PCM, little-endian, one channel, <see cref="SampleRate"/> samples per second: at least one piece, and none is empty. It can be enumerated once.</returns>
    /// <exception cref="InvalidOperationException">It is enumerated a second time.</exception>
    /// <exception cref="ArgumentException">The recording goes on with something that it can't be converted with, such as a WAV header of another format.</exception>
    /// <exception cref="IOException">The recording can't be read on, or <c>ffmpeg</c> has failed in the middle of it.</exception>
    /// <exception cref="ObjectDisposedException">The source was disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Increment(ref _readers) > 1)
        {
            throw new InvalidOperationException("An AudioSource is read once. Open the recording again.");
        }

        // The first piece was decoded when the source was opened.
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return _piece.WrittenMemory;
        }
        while (await MoveNextAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Ends the decoding, and closes the file. A stream is left open.</summary>
    /// <returns>A task that ends when nothing of the source is running any more.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        if (_decoder is not null)
        {
            await _decoder.DisposeAsync().ConfigureAwait(false);
        }

        if (_file is not null)
        {
            await _file.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<AudioSource> OpenAsync(AudioSource source, Stream stream, string? path, AudioSourceOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var input = new AudioInput(stream, source._stop.Token);
            using (source.StopWith(cancellationToken))
            {
                source._decoder = await Recognition.OpenAsync(input, path, options, source._stop).ConfigureAwait(false);
            }

            source._blocks = source._decoder.DecodeAsync().GetAsyncEnumerator(CancellationToken.None);
            return await source.MoveNextAsync(cancellationToken).ConfigureAwait(false)
                ? source
                : throw new ArgumentException($"The {source.Found.Format} audio has no samples: 0 s of audio are in it. Check the recording, and what recorded it.");
        }
        catch (Exception exception)
        {
            await source.DisposeAsync().ConfigureAwait(false);
            if (exception is OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            throw;
        }
    }

    /// <summary>Converts until there is a piece.</summary>
    /// <returns>False at the end of the recording.</returns>
    private async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested, this);
        using var stopping = StopWith(cancellationToken);
        try
        {
            _piece.ResetWrittenCount();
            while (_piece.WrittenCount == 0 && !_isAtEnd)
            {
                _isAtEnd = !await _blocks!.MoveNextAsync().ConfigureAwait(false);
                if (_isAtEnd)
                {
                    _converter.Complete(_piece);
                }
                else
                {
                    _converter.Convert(_blocks.Current, _piece);
                }
            }

            return _piece.WrittenCount > 0;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ObjectDisposedException(nameof(AudioSource));
        }
    }

    private CancellationTokenRegistration StopWith(CancellationToken cancellationToken) => cancellationToken.Register(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
}
