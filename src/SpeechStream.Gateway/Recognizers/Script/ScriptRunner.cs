using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using SpeechStream.Gateway.Connections;
using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers.Script;

/// <summary>Carries out steps on one connection.</summary>
internal sealed class ScriptRunner(ScriptedBehavior behavior, ClientLink link, ITaskProtocol protocol, TimeProvider timeProvider)
{
    private readonly IScriptedEvents _events = protocol.OpenScript();

    public Task RunAsync(ScriptStep step, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case { Wait: not null }:
                return behavior.Progress.UntilAsync(step, cancellationToken);
            case { Delay: { } ms }:
                return Task.Delay(TimeSpan.FromMilliseconds(ms), timeProvider, cancellationToken);
            case { Event: { } name }:
                return SendAsync(Event(step, name), WebSocketMessageType.Text, step.Fragment, cancellationToken);
            case { Raw: { } text }:
                return SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, step.Fragment, cancellationToken);
            case { Binary: { } data }:
                return SendAsync(data, WebSocketMessageType.Binary, step.Fragment, cancellationToken);
            case { Fail: { } code }:
                behavior.IgnoreClient();
                var failure = protocol.Failed(behavior.Progress.TaskId, new ScriptedFailure(code.ToString(), step.Text));
                return SendAsync(failure, WebSocketMessageType.Text, step.Fragment, cancellationToken);
            case { Close: { } code }:
                behavior.IgnoreClient();
                link.Outbox.Finish(null, (WebSocketCloseStatus)code, step.Reason);
                break;
            case { Abort: true }:
                link.EndStream();
                break;
            case { Reset: true }:
                link.Abort();
                break;
            case { Read: { } read }:
                behavior.SetReading(read);
                break;
        }

        return Task.CompletedTask;
    }

    private byte[] Event(ScriptStep step, string name)
    {
        var payload = (JsonObject?)step.Payload?.DeepClone();
        if (step.Pad > 0)
        {
            payload ??= [];
            payload["padding"] = new string('x', step.Pad);
        }

        return _events.Write(name, behavior.Progress.TaskId, payload, step.Header);
    }

    /// <summary>Returns when it is written, so that a step that ends the connection doesn't overtake it.</summary>
    private async Task SendAsync(byte[] data, WebSocketMessageType type, int fragment, CancellationToken cancellationToken)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await link.Outbox.SendAsync(new OutgoingMessage(data, type, fragment, sent)).ConfigureAwait(false);
        await sent.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
