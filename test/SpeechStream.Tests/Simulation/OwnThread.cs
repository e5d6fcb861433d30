namespace SpeechStream.Tests.Simulation;

/// <summary>A thread of the test's own, whose failures are the test's.</summary>
internal static class OwnThread
{
    /// <summary>Runs on a new thread of this name. Its number might be another's later; its name isn't.</summary>
    public static Task RunAsync(string name, Action action) => Task.Factory.StartNew(
        () =>
        {
            Thread.CurrentThread.Name = name;
            action();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
