using System.Threading.Channels;
using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers.Decoding;

/// <summary>Decodes one task beside the socket: when the decoder can't keep up, the socket's reader waits, and the client feels it.</summary>
internal sealed class DecoderTask : RecognitionTask
{
    /// <summary>Messages, of 100 ms as a rule: while the reader waits, pings aren't answered, so it reads some minutes ahead.</summary>
    private const int Capacity = 4096;

    private readonly Channel<short[]> _samples = Channel.CreateBounded<short[]>(Capacity);
    private readonly CancellationTokenSource _abandoned = new();
    private readonly SampleReader _reader;
    private readonly TaskEvents _events;
    private readonly DecoderPool _pool;
    private readonly bool _wantsInterimResults;
    private readonly Task _decoding;
    private volatile int _maxSentenceSilence;
    private volatile TaskFailure? _failure;
    private bool _sentenceOpen;

    public DecoderTask(TaskParameters parameters, TaskEvents events, DecoderPool pool)
    {
        _reader = new SampleReader(parameters.SampleRate);
        _events = events;
        _pool = pool;
        _maxSentenceSilence = parameters.MaxSentenceSilence;
        _wantsInterimResults = parameters.EnableIntermediateResult;
        _decoding = Task.Run(DecodeAsync);
    }

    public override int MaxSentenceSilence
    {
        set => _maxSentenceSilence = value;
    }

    /// <summary>Noise is no speech: the sentences tell.</summary>
    public override bool HearsSpeech(ReadOnlySpan<byte> audio) => false;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> audio, CancellationToken cancellationToken)
    {
        try
        {
            await _samples.Writer.WriteAsync(_reader.Read(audio.Span), cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw _failure ?? new TaskFailure(FailureCause.ServerError);
        }
    }

    public override async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        _samples.Writer.TryComplete();
        await _decoding.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask DisposeAsync()
    {
        await _abandoned.CancelAsync().ConfigureAwait(false);
        await _decoding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _abandoned.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private async Task DecodeAsync()
    {
        try
        {
            await DecodeSentencesAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !_abandoned.IsCancellationRequested)
        {
            // Whoever writes a decoder sees here what it threw, also when that was canceled by itself.
            _failure = new TaskFailure(FailureCause.ServerError, $"{exception.GetType().Name}: {exception.Message}");
            throw _failure;
        }
        finally
        {
            _samples.Writer.TryComplete();
        }
    }

    private async Task DecodeSentencesAsync()
    {
        SpeechDecoder? decoder = null;
        try
        {
            decoder = await _pool.TakeAsync().ConfigureAwait(false);
            var sentences = new SentenceDecoder(decoder, _wantsInterimResults);
            await foreach (var samples in _samples.Reader.ReadAllAsync(_abandoned.Token).ConfigureAwait(false))
            {
                // The reader itself looks at the token only when nothing is queued. Decoding the minutes that a slow decoder has queued, for a
                // client that has left, would take the processor from its next task.
                _abandoned.Token.ThrowIfCancellationRequested();
                sentences.MaxSentenceSilence = _maxSentenceSilence;
                foreach (var update in sentences.Write(samples))
                {
                    await SendAsync(update).ConfigureAwait(false);
                }
            }

            if (sentences.Complete() is { } last)
            {
                await SendAsync(last).ConfigureAwait(false);
            }
        }
        finally
        {
            _pool.Return(decoder);
        }
    }

    /// <summary>A sentence begins for the client when its first word is recognized: noise has no sentences.</summary>
    private async Task SendAsync(SentenceUpdate update)
    {
        if (!_sentenceOpen)
        {
            _sentenceOpen = true;
            await _events.BeginAsync(update.BeginTime).ConfigureAwait(false);
        }

        if (update.IsFinal)
        {
            _sentenceOpen = false;
            await _events.EndAsync(update.Time, update.Hypothesis).ConfigureAwait(false);
        }
        else
        {
            await _events.ChangedAsync(update.Time, update.Hypothesis).ConfigureAwait(false);
        }
    }
}
