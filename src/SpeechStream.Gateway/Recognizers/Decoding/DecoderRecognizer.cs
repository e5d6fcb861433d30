using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers.Decoding;

/// <summary>Recognizes with a <see cref="SpeechDecoder"/> for each task.</summary>
internal sealed class DecoderRecognizer(Func<SpeechDecoder> create, int mostTasks) : Recognizer
{
    internal override async ValueTask<RecognitionEngine> OpenAsync(TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var pool = new DecoderPool(create, mostTasks);
        try
        {
            await pool.WarmUpAsync(cancellationToken).ConfigureAwait(false);
            return new DecoderEngine(pool);
        }
        catch
        {
            // Not awaited: whoever gave up needn't wait for a model that is still being loaded.
            _ = pool.DisposeAsync().AsTask();
            throw;
        }
    }

    private sealed class DecoderEngine(DecoderPool pool) : RecognitionEngine
    {
        public override RecognitionTask StartTask(TaskParameters parameters, TaskEvents events)
        {
            if (!parameters.IsPcm)
            {
                throw new TaskFailure(FailureCause.UnsupportedFormat);
            }

            return pool.TryReserve() ? new DecoderTask(parameters, events, pool) : throw new TaskFailure(FailureCause.TooManyTasks);
        }

        public override async ValueTask DisposeAsync()
        {
            await pool.DisposeAsync().ConfigureAwait(false);
            await base.DisposeAsync().ConfigureAwait(false);
        }
    }
}
