using SpeechStream.Gateway.Connections;
using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers.Script;

internal sealed class ScriptRecognizer(IReadOnlyList<ConnectionScript> connections) : Recognizer
{
    internal override ValueTask<RecognitionEngine> OpenAsync(TimeProvider timeProvider, CancellationToken cancellationToken) =>
        ValueTask.FromResult<RecognitionEngine>(new ScriptEngine(connections, timeProvider));

    private sealed class ScriptEngine(IReadOnlyList<ConnectionScript> connections, TimeProvider timeProvider) : RecognitionEngine
    {
        private int _next = -1;

        public override ConnectionBehavior NextConnection(SpeechService service) =>
            new ScriptedBehavior(connections[Math.Min(Interlocked.Increment(ref _next), connections.Count - 1)], timeProvider);

        public override RecognitionTask StartTask(TaskParameters parameters, TaskEvents events) =>
            throw new NotSupportedException("A scripted connection has the engine its script names.");
    }
}
