using SpeechStream.Gateway.Connections;
using SpeechStream.Gateway.Protocol;
using SpeechStream.Gateway.Tokens;

namespace SpeechStream.Gateway.Recognizers.Script;

/// <summary>The behavior that a script demands on one connection: its steps run beside the normal service, and change it.</summary>
internal sealed class ScriptedBehavior(ConnectionScript script, TimeProvider timeProvider) : ConnectionBehavior(script.Engine)
{
    private readonly TaskCompletionSource _completionAllowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _readingStopped;
    private int _ignoresClient;

    public override HttpRefusal? Refusal => script.Refuse is { } refusal ? new(refusal.Status, refusal.Body) : null;

    public override TimeSpan? PingEvery => script.PingEvery;

    public override bool SendsStarted => script.SendsStarted;

    public override bool IgnoresClient => Volatile.Read(ref _ignoresClient) != 0;

    /// <summary>How far the connection's task is.</summary>
    public ScriptProgress Progress { get; } = new();

    /// <summary>Ignores what the client sends from now on.</summary>
    public void IgnoreClient() => Volatile.Write(ref _ignoresClient, 1);

    public void SetReading(bool read)
    {
        var stopped = read ? null : new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _readingStopped, stopped)?.TrySetResult();
    }

    public override async Task RunAsync(ClientLink link, ITaskProtocol protocol, CancellationToken cancellationToken)
    {
        var runner = new ScriptRunner(this, link, protocol, timeProvider);
        try
        {
            foreach (var step in script.Steps)
            {
                await runner.RunAsync(step, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The connection ended before its script did.
            return;
        }

        if (script.SendsCompleted)
        {
            _completionAllowed.SetResult();
        }
    }

    public override Task ReadingAllowedAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _readingStopped)?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;

    public override Task CompletionAllowedAsync(CancellationToken cancellationToken) => _completionAllowed.Task.WaitAsync(cancellationToken);

    public override void OnStarted(string taskId, TaskParameters parameters) => Progress.Start(taskId, parameters);

    public override void OnAudio(int bytes) => Progress.AddAudio(bytes);

    public override void OnStopped() => Progress.Stop();
}
