using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers.Digest;

internal sealed class DigestRecognizer : Recognizer
{
    internal override ValueTask<RecognitionEngine> OpenAsync(TimeProvider timeProvider, CancellationToken cancellationToken) =>
        ValueTask.FromResult<RecognitionEngine>(new DigestEngine());
}

internal sealed class DigestEngine : RecognitionEngine
{
    public override RecognitionTask StartTask(TaskParameters parameters, TaskEvents events) => new DigestTask(parameters, events);
}
