using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers.Script;

/// <summary>Finds no sentences: a script sends its own.</summary>
internal sealed class SilentEngine : RecognitionEngine
{
    public override RecognitionTask StartTask(TaskParameters parameters, TaskEvents events) => new SilentTask();

    private sealed class SilentTask : RecognitionTask
    {
        public override int MaxSentenceSilence
        {
            set => _ = value;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> audio, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public override ValueTask CompleteAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
