using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using SpeechStream.Audio;

namespace SpeechStream.Session;

/// <summary>Reads the source of one transcription into its session. It is the only owner of the source, and always disposes it.</summary>
/// <remarks>
/// A source may ignore its token, or block its thread. So it is read on the thread pool, and nobody waits for a pending read after the
/// end: the source is disposed when that read returns. An async iterator could not be disposed before.
/// </remarks>
/// <param name="source">The caller's audio.</param>
/// <param name="stop">Cancelled at the end of the transcription, whatever ends it. No read begins afterwards.</param>
internal sealed class AudioFeed(IAsyncEnumerable<ReadOnlyMemory<byte>> source, CancellationToken stop) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<ReadOnlyMemory<byte>> _pieces = source.GetAsyncEnumerator(stop);

    // What was read to find out the format; it is the beginning of the audio.
    private readonly ArrayBufferWriter<byte> _head = new();

    // What reads the source at present: ReadHeadAsync, later WriteTo.
    private Task _reading = Task.CompletedTask;

    // 1 while the caller's code reads.
    private int _isReadPending;

    /// <summary>Reads as much as it takes to know whether it is WAV, and then its header.</summary>
    /// <param name="options">What the caller says about the audio.</param>
    /// <returns>What the audio says about itself, where that is more.</returns>
    /// <exception cref="ArgumentException">The service can't take the audio.</exception>
    /// <exception cref="OperationCanceledException">The transcription ended meanwhile.</exception>
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

    /// <summary>Begins to write all audio to the session, and completes it at the end of the source, or with what the source throws.</summary>
    public void WriteTo(PipeWriter audio) => _reading = Task.Run(() => WriteAllAsync(audio), CancellationToken.None);

    /// <summary>Disposes the source, after <c>stop</c> was cancelled. Returns at once when a read is pending.</summary>
    public async ValueTask DisposeAsync()
    {
        var isReadPending = Volatile.Read(ref _isReadPending) != 0;
        var disposal = DisposeSourceAsync();
        if (!isReadPending)
        {
            await disposal.ConfigureAwait(false);
            return;
        }

        // The transcription has ended already, and nobody is left who could be told when this fails.
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
            // What a source throws because it was stopped isn't why the transcription ended: the consumer gets the cause itself.
        }
        catch (Exception exception)
        {
            // The consumer gets it, as what ended the events.
            await audio.CompleteAsync(exception).ConfigureAwait(false);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadAsync()
    {
        // The mark comes before the look at the token, as the cancellation comes before the look at the mark: at least one of the two
        // sides sees the other. Otherwise a read could begin unseen, and the end would wait for it.
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
