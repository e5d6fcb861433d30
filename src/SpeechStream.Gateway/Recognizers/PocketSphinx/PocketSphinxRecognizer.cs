using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers.PocketSphinx;

internal sealed class PocketSphinxRecognizer : Recognizer
{
    /// <summary>A task takes a fifth of a core when it is spoken in real time; three leave room for the rest of the machine.</summary>
    private const int TasksPerCore = 3;

    internal override async ValueTask<RecognitionEngine> OpenAsync(TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var pool = new DecoderPool(new DecoderModel(), TasksPerCore * Environment.ProcessorCount);
        await pool.WarmUpAsync(cancellationToken).ConfigureAwait(false);
        return new PocketSphinxEngine(pool);
    }

    private sealed class PocketSphinxEngine(DecoderPool pool) : RecognitionEngine
    {
        public override RecognitionTask StartTask(StartParameters parameters, TaskEvents events)
        {
            if (!parameters.IsPcm)
            {
                throw TaskFailure.UnsupportedFormat();
            }

            return pool.TryReserve() ? new PocketSphinxTask(parameters, events, pool) : throw TaskFailure.TooManyRequests();
        }

        public override ValueTask DisposeAsync() => pool.DisposeAsync();
    }
}
