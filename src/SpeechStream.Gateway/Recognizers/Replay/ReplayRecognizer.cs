using SpeechStream.Gateway.Cassettes;
using SpeechStream.Gateway.Connections;
using SpeechStream.Gateway.Protocol;
using SpeechStream.Gateway.Tokens;

namespace SpeechStream.Gateway.Recognizers.Replay;

internal sealed class ReplayRecognizer(Cassette cassette, double speed) : Recognizer
{
    // The recorded client had received all that came before the loss.
    internal override bool WritesThrough => true;

    internal override ValueTask<RecognitionEngine> OpenAsync(TimeProvider timeProvider, CancellationToken cancellationToken) =>
        ValueTask.FromResult<RecognitionEngine>(new ReplayEngine(cassette, speed));

    private sealed class ReplayEngine(Cassette cassette, double speed) : RecognitionEngine
    {
        private int _next = -1;

        public override ConnectionBehavior NextConnection(SpeechService service) => service.Name == cassette.Service
            ? new ReplayBehavior(this, cassette.Connections[(int)((uint)Interlocked.Increment(ref _next) % cassette.ConnectionCount)], speed)
            : new OtherService(this, cassette);

        public override RecognitionTask StartTask(TaskParameters parameters, TaskEvents events) =>
            throw new NotSupportedException("The sentences are those of the cassette.");
    }

    private sealed class ReplayBehavior(RecognitionEngine engine, RecordedConnection connection, double speed) : ConnectionBehavior(engine)
    {
        public override HttpRefusal? Refusal => connection.Lines[0] switch
        {
            { Kind: CassetteKind.Refused, Text: var text } refused =>
                new(refused.Status ?? 500, text ?? "", text?.StartsWith('{') == true ? "application/json" : "text/plain") { RetryAfter = refused.RetryAfter },
            { Kind: CassetteKind.Unreachable } => HttpRefusal.Silence,
            _ => null,
        };

        public override Task ServeAsync(ClientLink link, TimeProvider timeProvider, ITaskProtocol protocol, TaskSlots slots) =>
            new ReplayConnection(ReplayStep.Plan(connection, protocol), link, protocol, slots, timeProvider, speed).RunAsync();
    }

    private sealed class OtherService(RecognitionEngine engine, Cassette cassette) : ConnectionBehavior(engine)
    {
        public override HttpRefusal Refusal => new(404, $"The cassette is of {cassette.Service}. Connect to the path of that service.");
    }
}
