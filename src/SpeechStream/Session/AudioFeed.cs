using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SpeechStream.Audio;
using SpeechStream.Audio.Formats;
using SpeechStream.Diagnostics;

namespace SpeechStream.Session;

/// <summary>Reads the source of one transcription into its session. It alone owns the source, and always disposes it.</summary>
/// <remarks>
/// A source may ignore its token or block its thread. So it is read on the thread pool, and the end of the transcription doesn't wait for a pending read.
/// The source is then disposed when that read returns, because an async iterator can't be disposed during a read.
/// </remarks>
/// <param name="source">The caller's audio.</param>
/// <param name="logger">Gets a warning when a WAV header is wrong about the length of its audio, or raw samples look like MP3.</param>
/// <param name="stop">Canceled at the end of the transcription, whatever ends it. No read begins afterwards.</param>
internal sealed class AudioFeed(IAsyncEnumerable<ReadOnlyMemory<byte>> source, ILogger logger, CancellationToken stop) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<ReadOnlyMemory<byte>> _pieces = source.GetAsyncEnumerator(stop);

    // What was read to find out the format; it is the beginning of the audio.
    private ArrayBufferWriter<byte> _head = new();

    // Takes the headers off; null when the audio isn't WAV.
    private WaveReader? _wave;

    // The task that reads the source: that of ReadHeadAsync, later that of WriteTo.
    private Task _reading = Task.CompletedTask;

    // A source that has ended isn't asked again: not every one can take that.
    private bool _hasEnded;

    // 1 while the caller's code reads.
    private int _isReadPending;

    /// <summary>Whether the source has ended without audio, as far as <see cref="ReadHeadAsync"/> has read it.</summary>
    public bool IsEmpty => _hasEnded && _head.WrittenCount == 0;

    /// <summary>Reads as much as it takes to know what it is, and in WAV up to the first sample.</summary>
    /// <param name="options">What the caller says about the audio.</param>
    /// <returns>Settings of a session for what <see cref="WriteTo"/> writes: samples have lost their header.</returns>
    /// <exception cref="ArgumentException">The service can't take the audio.</exception>
    /// <exception cref="OperationCanceledException">The transcription ended meanwhile.</exception>
    public Task<TranscriptionOptions> ReadHeadAsync(TranscriptionOptions options)
    {
        if (options.Format == AudioFormat.Opu)
        {
            // Each piece is a packet, and has no signature.
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
        AudioSignature? found;
        while (!AudioSignature.TryRecognize(_head.WrittenSpan, _hasEnded, withFrames: options.Format != AudioFormat.Pcm, out found))
        {
            if (await ReadAsync().ConfigureAwait(false))
            {
                _head.Write(_pieces.Current.Span);
            }
        }

        if (found is { } signature && (signature.HeaderAt > 0 || !signature.Fits(options.Format)))
        {
            throw ForeignAudio.Refusal(signature, options.Format);
        }

        var isCut = false;
        if (found is null && options.Format == AudioFormat.Pcm && MpegFrames.Recognize(_head.WrittenSpan, ref isCut) is { } frames)
        {
            // Samples may look like this, if hardly ever, so it isn't refused. The stream isn't kept waiting for more of it, either.
            Log.LooksCompressed(logger, frames.Name);
        }

        return found?.Format == AudioFormat.Wav || options.Format == AudioFormat.Wav
            ? options with { Format = AudioFormat.Pcm, SampleRate = await ReadWaveHeaderAsync().ConfigureAwait(false) }
            : options;
    }

    private async Task<int> ReadWaveHeaderAsync()
    {
        var (wave, samples) = (new WaveReader(), new ArrayBufferWriter<byte>());
        wave.Write(_head.WrittenSpan, samples);
        while (wave.Read < AudioRate.BytesPerSample && await ReadAsync().ConfigureAwait(false))
        {
            wave.Write(_pieces.Current.Span, samples);
        }

        if (wave.Read < AudioRate.BytesPerSample)
        {
            wave.Complete(samples);
        }

        (_wave, _head) = (wave, samples);
        return wave.SampleRate.GetValueOrDefault();
    }

    private async Task WriteAllAsync(PipeWriter audio)
    {
        try
        {
            var isOver = _head.WrittenCount > 0 && (await audio.WriteAsync(_head.WrittenMemory).ConfigureAwait(false)).IsCompleted;
            while (!isOver && await ReadAsync().ConfigureAwait(false))
            {
                isOver = (await WriteAsync(audio, _pieces.Current).ConfigureAwait(false)).IsCompleted;
            }

            if (!isOver && _wave is { } wave)
            {
                wave.Complete(audio);
                Report(wave);
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

    private ValueTask<FlushResult> WriteAsync(PipeWriter audio, ReadOnlyMemory<byte> piece)
    {
        if (_wave is null)
        {
            return audio.WriteAsync(piece);
        }

        _wave.Write(piece.Span, audio);
        return audio.FlushAsync();
    }

    private void Report(WaveReader wave)
    {
        var rate = new AudioRate(wave.SampleRate.GetValueOrDefault());
        if (wave.Missing > 0)
        {
            Log.WaveCutOff(logger, rate.ToTime(wave.Read), rate.ToTime(wave.Missing));
        }

        if (wave.IsLonger)
        {
            Log.WaveLonger(logger, rate.ToTime(wave.Read));
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
            _hasEnded = _hasEnded || !await _pieces.MoveNextAsync().ConfigureAwait(false);
            return !_hasEnded;
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
