using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SpeechStream.Fleet.Diagnostics;
using SpeechStream.Fleet.Places;
using SpeechStream.Fleet.Recordings;

namespace SpeechStream.Fleet.Work;

/// <summary>Transcribes one recording on one place of the quota: from its last final result to its end, or until the place is lost, needed, or given back.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has no timer and no parent, and RunAsync disposes the lease.")]
internal sealed class JobRun
{
    private static readonly TimeSpan TrialPause = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _givenBack = new();
    private readonly Claim _claim;
    private readonly Lease _lease;
    private readonly WorkerContext _worker;
    private readonly long _began;
    private int _before;
    private bool _isConnecting;
    private bool _isStarted;
    private bool _hasFinal;

    /// <param name="claim">The place and the recording.</param>
    /// <param name="sent">The timestamp of the clock when the claim was sent.</param>
    /// <param name="worker">What the recordings of a worker share.</param>
    public JobRun(Claim claim, long sent, WorkerContext worker)
    {
        (_claim, _worker, _began) = (claim, worker, worker.Time.GetTimestamp());
        _lease = new Lease(worker.Claims, claim.Key, claim.Times, sent, worker.Time, worker.Logger);
        IsSuspect = claim.IsSuspect;
    }

    /// <summary>Whether the worker of an earlier attempt vanished, and this one got no further until now. It may be what ends its worker, so it runs alone.</summary>
    public bool IsSuspect { get; private set; }

    /// <summary>Aborts the session. The recording is queued again at once, and no attempt counts.</summary>
    public void GiveBack() => _givenBack.Cancel();

    /// <summary>Returns when nothing of it runs any more. Fails only for a fault of this library.</summary>
    public async Task RunAsync()
    {
        Log.Began(_worker.Logger, _worker.Options.Name, _claim.Job, _claim.From.Time.TotalSeconds, _claim.Key.Place, _claim.Attempt);
        _worker.Metrics.Left("queued", _claim.Waited);
        if (_claim.Attempt > 1 || _claim.From.Sentences > 0)
        {
            _worker.Metrics.CountRedelivery();
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_givenBack.Token, _lease.Lost, _lease.GiveWay);
        var ending = await TranscribeAsync(stop.Token).ConfigureAwait(false);
        await _lease.DisposeAsync().ConfigureAwait(false);
        await EndAsync(ending).ConfigureAwait(false);
    }

    private async Task<Ending> TranscribeAsync(CancellationToken stop)
    {
        try
        {
            var audio = await RecordingAudio.OpenAsync(_claim.Uri, _claim.SampleRate, _worker.Http, stop).ConfigureAwait(false);
            await using (audio.ConfigureAwait(false))
            {
                var ending = await TranscribeAsync(audio, stop).ConfigureAwait(false);
                if (ending == Ending.Done && audio.HasGrown)
                {
                    Log.HasGrown(_worker.Logger, _claim.Job);
                }

                return ending;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Ending.GivenBack();
        }
        catch (FleetException)
        {
            // The lease was refused before a connection, or the claim when something was stored: the recording is another's.
            return Ending.GivenBack();
        }
        catch (Exception exception)
        {
            var failure = Failure.Of(exception, _claim, _isStarted, _isStarted && _worker.Setbacks.IsOfRecording(_claim.Job));
            Log.Failed(_worker.Logger, _claim.Job, _claim.Attempt, exception.Message);
            if (failure.PausesFleet)
            {
                Log.Paused(_worker.Logger, exception.Message);
                await TryAsync(token => _worker.Status.PauseAsync(exception.Message, token), stop).ConfigureAwait(false);
            }

            return failure.Ending;
        }
    }

    private async Task<Ending> TranscribeAsync(RecordingAudio audio, CancellationToken stop)
    {
        var from = _claim.From;
        if (from.Sentences > 0 && !audio.CanResume)
        {
            await KeepAsync(token => _worker.Transcripts.RestartAsync(_claim, token), stop).ConfigureAwait(false);
            from = default;
        }

        if (audio.Duration is { } duration)
        {
            await KeepAsync(token => _worker.Transcripts.SetDurationAsync(_claim, duration, token), stop).ConfigureAwait(false);
        }

        _before = from.Sentences;
        return await ListenAsync(_worker.Options.Client.TranscribeAsync(audio.ReadAsync(from.Time, stop), Options(from), stop), stop).ConfigureAwait(false);
    }

    private async Task<Ending> ListenAsync(IAsyncEnumerable<TranscriptionEvent> events, CancellationToken stop)
    {
        var order = new FinalOrder();
        await foreach (var happened in events.ConfigureAwait(false))
        {
            _isStarted |= happened is TranscriptionStarted;
            switch (happened)
            {
                case SentenceBegin begin:
                    order.Begin(begin.Index);
                    break;
                case SentenceEnd sentence:
                    await AppendAsync(order.End(sentence), stop).ConfigureAwait(false);
                    break;
                case Reconnecting { Attempt: 1 } lost:
                    Log.Reconnecting(_worker.Logger, _claim.Job, lost.Attempt, lost.Delay.TotalSeconds, lost.Cause.Message);
                    break;
                case AudioGap gap:
                    // The file still has it: it is heard again from the last final result on.
                    return Ending.Failed(FormattableString.Invariant($"The audio from {gap.From.TotalSeconds:0.0} s to {gap.To.TotalSeconds:0.0} s got no final result"), _claim.Attempt);
            }
        }

        await AppendAsync(order.Complete(), stop).ConfigureAwait(false);
        return Ending.Done;
    }

    private async Task AppendAsync(IEnumerable<SentenceEnd> sentences, CancellationToken stop)
    {
        foreach (var sentence in sentences)
        {
            await KeepAsync(token => _worker.Transcripts.AppendAsync(_claim, _before, sentence, token), stop).ConfigureAwait(false);
            if (!_hasFinal)
            {
                // The service works.
                _hasFinal = true;
                await TryAsync(_worker.Status.EndPausesAsync, stop).ConfigureAwait(false);
            }

            // What begins anew proves nothing before it is where it was.
            IsSuspect &= sentence.Time <= _claim.From.Time;
            _before = sentence.Index;
            _worker.Metrics.CountFinal();
            _worker.Setbacks.OnFinal(_claim.Job);
        }
    }

    /// <summary>Stores something under the claim.</summary>
    /// <exception cref="FleetException">The recording is another's by now, and nothing was stored.</exception>
    private async Task KeepAsync(Func<CancellationToken, Task<bool>> store, CancellationToken stop)
    {
        if (!await RetryAsync(store, stop).ConfigureAwait(false))
        {
            throw new FleetException($"{_claim.Job} isn't this worker's any more.");
        }
    }

    private async Task EndAsync(Ending ending)
    {
        // Who has lost the place doesn't know what the service still counts.
        TimeSpan? hold = ending == Ending.Done || !_isConnecting ? TimeSpan.Zero : _lease.Lost.IsCancellationRequested ? null : LeaseTimes.HoldAfterAbort;

        // A database that is back while the place is still held learns of it, so that nothing is heard again. Who stops doesn't wait for so long.
        await LastCall.TryAsync(
            async limit =>
            {
                // When the recording is another's, nothing changes.
                var state = await RetryAsync(token => _worker.Claims.EndAsync(_claim, ending, hold, token), limit).ConfigureAwait(false);
                Log.Ended(_worker.Logger, _claim.Job, state switch { null => "another worker's", "poison" => "set aside", _ => state }, _before);
                _worker.Metrics.Left("running", _worker.Time.GetElapsedTime(_began));
            },
            _lease.Left > LastCall.Longest ? _lease.Left : LastCall.Longest, $"{_claim.Job} goes on when its lease is over", _worker.Time, _worker.Logger, _givenBack.Token).ConfigureAwait(false);
    }

    private TranscriptionOptions Options(ResumePoint from) => _worker.Options.Transcription with
    {
        Format = AudioFormat.Pcm,
        SampleRate = _claim.SampleRate,
        Model = _claim.Model ?? _worker.Options.Transcription.Model,
        ResumeFrom = from.Sentences > 0 ? from : null,
        BeforeConnect = CheckAsync,
    };

    private ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        _isConnecting = true;
        return _lease.CheckAsync(cancellationToken);
    }

    /// <summary>Tries until the database answers. The session goes on meanwhile: its events wait, and when too many do, it sends no more.</summary>
    private async Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        for (var isAway = false; ; isAway = true)
        {
            try
            {
                var result = await call(cancellationToken).ConfigureAwait(false);
                if (isAway)
                {
                    _worker.Outage.End();
                }

                return result;
            }
            catch (FleetException exception) when (exception.IsTransient)
            {
                _worker.Outage.Report(exception);
            }

            await Task.Delay(TrialPause, _worker.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Tries once what isn't needed, until the recording stops.</summary>
    private async Task TryAsync(Func<CancellationToken, Task> call, CancellationToken stop)
    {
        try
        {
            await call(stop).ConfigureAwait(false);
        }
        catch (FleetException exception)
        {
            Log.NotStored(_worker.Logger, exception.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Others find out by themselves.
            return;
        }
    }
}
