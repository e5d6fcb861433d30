using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers.PocketSphinx;

internal sealed class PocketSphinxRecognizer : Recognizer
{
    /// <summary>A task takes a fifth of a core when it is spoken in real time; three leave room for the rest of the machine.</summary>
    private const int TasksPerCore = 3;

    internal override async ValueTask<RecognitionEngine> OpenAsync(TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var model = new DecoderModel();
        try
        {
            var pool = new DecoderPool(model, TasksPerCore * Environment.ProcessorCount);
            await pool.WarmUpAsync(cancellationToken).ConfigureAwait(false);
            return new PocketSphinxEngine(pool);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private sealed class PocketSphinxEngine(DecoderPool pool) : RecognitionEngine
    {
        public override RecognitionTask StartTask(TaskParameters parameters, TaskEvents events)
        {
            if (!parameters.IsPcm)
            {
                throw new TaskFailure(FailureCause.UnsupportedFormat);
            }

            return pool.TryReserve() ? new PocketSphinxTask(parameters, events, pool) : throw new TaskFailure(FailureCause.TooManyTasks);
        }

        public override async ValueTask DisposeAsync()
        {
            await pool.DisposeAsync().ConfigureAwait(false);
            await base.DisposeAsync().ConfigureAwait(false);
        }
    }
}
