namespace SpeechStream.Benchmarks.Load;

/// <summary>Nobody on the other side: what remains is the load's own cost, its timers and its writers.</summary>
internal sealed class IdleSession : ILoadSession
{
    public int Events => 0;

    public Task StartAsync(Uri endpoint) => Task.CompletedTask;

    public ValueTask SendAsync(ReadOnlyMemory<byte> frame) => ValueTask.CompletedTask;

    public Task StopAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
