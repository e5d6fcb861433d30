using SpeechStream.Fleet.Diagnostics;
using SpeechStream.Fleet.Places;

namespace SpeechStream.Fleet.Work;

/// <summary>Claims recordings as long as it may run more of them, and waits for all when it stops.</summary>
internal sealed class Worker(WorkerContext context)
{
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(10);

    private readonly List<(JobRun Run, Task Ended)> _running = [];
    private long? _shown;
    private bool _hasTold;

    private TimeSpan Poll => context.Times.Renewal < LongestPoll ? context.Times.Renewal : LongestPoll;

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested && await StepAsync(stop).ConfigureAwait(false))
            {
            }
        }
        finally
        {
            if (stop.IsCancellationRequested)
            {
                Log.Stops(context.Logger, context.Options.Name);
            }

            await GiveAllBackAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Claims a recording, or waits until that may succeed.</summary>
    /// <returns>False when all is done.</returns>
    private async Task<bool> StepAsync(CancellationToken stop)
    {
        await RemoveEndedAsync().ConfigureAwait(false);
        var mayClaim = _running.Count < context.Options.Sessions && !_running.Any(running => running.Run.IsSuspect);
        try
        {
            if (mayClaim && await ClaimAsync(stop).ConfigureAwait(false))
            {
                return true;
            }

            if (await ShowStatusAsync(stop).ConfigureAwait(false) is { } status && _running.Count == 0)
            {
                if (status is { Queued: 0, Running: 0 } && context.Options.UntilDone)
                {
                    return false;
                }

                TellWhatItWaitsFor(status);
            }
        }
        catch (FleetException exception) when (exception.IsTransient)
        {
            context.Outage.Report(exception);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return true;
        }

        // Not all workers ask at the same time.
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var poll = Task.Delay(Poll * (0.75 + (Random.Shared.NextDouble() / 2)), context.Time, waiting.Token);
        await Task.WhenAny([poll, .. _running.Select(running => running.Ended)]).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        return true;
    }

    private async Task<bool> ClaimAsync(CancellationToken stop)
    {
        var sent = context.Time.GetTimestamp();
        var claimed = await context.Claims.ClaimAsync(context.Options.Name, stop).ConfigureAwait(false);
        context.Outage.End();
        if (claimed is not { } claim)
        {
            return false;
        }

        // Its lease is renewed from now on, also while others end.
        var run = new JobRun(claim, sent, context);
        if (run.IsSuspect && _running.Count > 0)
        {
            Log.RunsAlone(context.Logger, context.Options.Name, claim.Job);
            await GiveAllBackAsync().ConfigureAwait(false);
        }

        _running.Add((run, run.RunAsync()));
        return true;
    }

    private async Task<FleetStatus?> ShowStatusAsync(CancellationToken stop)
    {
        if (!context.Options.UntilDone && _shown is { } shown && context.Time.GetElapsedTime(shown) < StatusInterval)
        {
            return null;
        }

        var status = await context.Status.ReadAsync(stop).ConfigureAwait(false);
        context.Outage.End();
        context.Metrics.Show(status);
        _shown = context.Time.GetTimestamp();
        return status;
    }

    /// <summary>Once: whoever has started it sees that it works. What follows tells of itself.</summary>
    private void TellWhatItWaitsFor(FleetStatus status)
    {
        if (!_hasTold)
        {
            var what = status switch
            {
                { Paused: { } reason } => $"the fleet pauses: {reason}",
                { Queued: 0, Running: 0 } => "no recording is queued",
                { Queued: 0 } => "no recording is queued, and other workers have those that run",
                { Waiting: > 0 } => "live streams come first",
                _ when status.Held + status.Live >= status.Quota => FormattableString.Invariant($"all places of the quota ({status.Quota}) are taken"),
                _ => "a place of the quota, or the next attempt of a recording, comes later",
            };
            Log.Waits(context.Logger, context.Options.Name, what);
            _hasTold = true;
        }
    }

    private async Task RemoveEndedAsync()
    {
        foreach (var ended in _running.Where(running => running.Ended.IsCompleted).ToList())
        {
            _running.Remove(ended);
            await ended.Ended.ConfigureAwait(false);
        }
    }

    private async Task GiveAllBackAsync()
    {
        _running.ForEach(running => running.Run.GiveBack());
        await Task.WhenAll(_running.Select(running => running.Ended)).ConfigureAwait(false);
        _running.Clear();
    }
}
