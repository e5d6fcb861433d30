using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers.Say;

internal sealed class SayRecognizer(IReadOnlyList<string> sentences) : Recognizer
{
    internal override ValueTask<RecognitionEngine> OpenAsync(TimeProvider timeProvider, CancellationToken cancellationToken) =>
        ValueTask.FromResult<RecognitionEngine>(new SayEngine(sentences));

    private sealed class SayEngine(IReadOnlyList<string> sentences) : RecognitionEngine
    {
        public override RecognitionTask StartTask(TaskParameters parameters, TaskEvents events) => new SayTask(sentences, parameters, events);
    }
}
