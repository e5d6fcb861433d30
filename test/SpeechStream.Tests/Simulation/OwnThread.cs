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

        // The test goes on in the pool, and not on this thread.
        TaskCreationOptions.LongRunning | TaskCreationOptions.RunContinuationsAsynchronously,
        TaskScheduler.Default);
}
