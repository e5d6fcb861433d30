using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using SpeechStream.Audio;

namespace SpeechStream.Session;

/// <summary>Reads the source of one transcription into its session. It alone owns the source, and always disposes it.</summary>
/// <remarks>
/// A source may ignore its token or block its thread. So it is read on the thread pool, and the end of the transcription doesn't wait for a pending read.
/// The source is then disposed when that read returns, because an async iterator can't be disposed during a read.
/// </remarks>
/// <param name="source">The caller's audio.</param>
/// <param name="stop">Canceled at the end of the transcription, whatever its cause. No read begins afterwards.</param>
internal sealed class AudioFeed(IAsyncEnumerable<ReadOnlyMemory<byte>> source, CancellationToken stop) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<ReadOnlyMemory<byte>> _pieces = source.GetAsyncEnumerator(stop);

    // The beginning of the audio, which was read to detect its format.
    private readonly ArrayBufferWriter<byte> _head = new();

    // The task that reads the source: that of ReadHeadAsync, later that of WriteTo.
    private Task _reading = Task.CompletedTask;

    // 1 while a read runs in the source, which is the caller's code.
    private int _isReadPending;

    /// <summary>Reads until it is known whether the audio is WAV, and if it is, reads its header.</summary>
    /// <param name="options">The caller's options.</param>
    /// <returns>The options, with format and sample rate from the WAV header if there is one.</returns>
    /// <exception cref="ArgumentException">The service doesn't take such audio.</exception>
    /// <exception cref="OperationCanceledException">The transcription ended before.</exception>
    public Task<TranscriptionOptions> ReadHeadAsync(TranscriptionOptions options)
    {
        if (options.Format is not (AudioFormat.Pcm or AudioFormat.Wav))
        {
            return Task.FromResult(options);
        }

        var recognizing = Task.Run(() => RecognizeAsync(options), CancellationToken.None);
        _reading = recognizing;
        return recognizing.WaitAsync(stop);
    }

    /// <summary>Begins to write all audio to the session. At the end of the source it completes the audio, with the exception if the source throws one.</summary>
    public void WriteTo(PipeWriter audio) => _reading = Task.Run(() => WriteAllAsync(audio), CancellationToken.None);

    /// <summary>Disposes the source, after <c>stop</c> was canceled. When a read is pending, this returns at once and the source is disposed later.</summary>
    public async ValueTask DisposeAsync()
    {
        var isReadPending = Volatile.Read(ref _isReadPending) != 0;
        var disposal = DisposeSourceAsync();
        if (!isReadPending)
        {
            await disposal.ConfigureAwait(false);
            return;
        }

        // The transcription has ended already, so a failure of this disposal can't be reported to anybody. Looking at it keeps it from being raised as unobserved.
        _ = disposal.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private async Task<TranscriptionOptions> RecognizeAsync(TranscriptionOptions options)
    {
        while (options.Format == AudioFormat.Wav || WaveHeader.CanBeWave(_head.WrittenSpan))
        {
            if (WaveHeader.TryRead(_head.WrittenSpan, out var header) == WaveHeaderResult.Done)
            {
                return options with { Format = AudioFormat.Wav, SampleRate = header.SampleRate };
            }

            if (!await ReadAsync().ConfigureAwait(false))
            {
                return WaveHeader.LooksLikeWave(_head.WrittenSpan) ? throw WaveHeader.EndedWithin(_head.WrittenCount) : options;
            }

            _head.Write(_pieces.Current.Span);
        }

        return options;
    }

    private async Task WriteAllAsync(PipeWriter audio)
    {
        try
        {
            var isOver = _head.WrittenCount > 0 && (await audio.WriteAsync(_head.WrittenMemory).ConfigureAwait(false)).IsCompleted;
            while (!isOver && await ReadAsync().ConfigureAwait(false))
            {
                isOver = (await audio.WriteAsync(_pieces.Current).ConfigureAwait(false)).IsCompleted;
            }

            await audio.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // The source throws because it was stopped. The consumer gets the cause of the stop instead.
        }
        catch (Exception exception)
        {
            // The session ends with this exception, and the consumer gets it from Events.
            await audio.CompleteAsync(exception).ConfigureAwait(false);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadAsync()
    {
        // Set the mark before checking the token; DisposeAsync checks the mark after the token was canceled. So at least one side sees the other.
        // In another order a read could begin that DisposeAsync doesn't see, and the end of the transcription would wait for it.
        Interlocked.Exchange(ref _isReadPending, 1);
        try
        {
            stop.ThrowIfCancellationRequested();
            return await _pieces.MoveNextAsync().ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _isReadPending, 0);
        }
    }

    private async Task DisposeSourceAsync()
    {
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _pieces.DisposeAsync().ConfigureAwait(false);
    }
}
