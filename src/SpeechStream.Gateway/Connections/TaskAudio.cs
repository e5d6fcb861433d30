using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Connections;

/// <summary>What a task has heard: how much audio, and since when nobody speaks. Any thread.</summary>
internal sealed class TaskAudio : IDisposable
{
    /// <summary>Ms of audio without speech for each heartbeat. The service documents no figure.</summary>
    private const int HeartbeatEvery = 1000;

    private readonly TaskParameters _parameters;
    private readonly Lock _lock = new();
    private ITimer? _limit;
    private long _bytes;
    private long _heartbeatFrom;
    private bool _isSentenceOpen;

    /// <param name="parameters">The task's.</param>
    /// <param name="timeProvider">The clock of the limit.</param>
    /// <param name="onSilence">Called when nobody has spoken for as long as the parameters allow.</param>
    public TaskAudio(TaskParameters parameters, TimeProvider timeProvider, Action onSilence)
    {
        _parameters = parameters;
        _limit = parameters.SilenceTimeout is { } timeout
            ? timeProvider.CreateTimer(_ => OnLimit(onSilence), null, timeout, Timeout.InfiniteTimeSpan)
            : null;
    }

    public TimeSpan Duration
    {
        get
        {
            lock (_lock)
            {
                return TimeSpan.FromMilliseconds((double)_bytes / _parameters.BytesPerMillisecond);
            }
        }
    }

    /// <summary>Counts audio, and tells whether a heartbeat is due.</summary>
    public bool Add(int bytes, bool isSpeech)
    {
        lock (_lock)
        {
            _bytes += bytes;
            if (isSpeech || _isSentenceOpen)
            {
                OnSpeech();
            }

            if (_bytes - _heartbeatFrom < HeartbeatEvery * _parameters.BytesPerMillisecond)
            {
                return false;
            }

            _heartbeatFrom = _bytes;
            return _parameters.Heartbeat;
        }
    }

    /// <summary>A recognizer heard a sentence's begin, or its end.</summary>
    public void OnSentence(bool isOpen)
    {
        lock (_lock)
        {
            _isSentenceOpen = isOpen;
            OnSpeech();
        }
    }

    /// <summary>Ends the limit.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _limit?.Dispose();
            _limit = null;
        }
    }

    private void OnLimit(Action onSilence)
    {
        lock (_lock)
        {
            if (_limit is null)
            {
                return;
            }
        }

        onSilence();
    }

    private void OnSpeech()
    {
        _heartbeatFrom = _bytes;
        if (_parameters.SilenceTimeout is { } timeout)
        {
            _limit?.Change(timeout, Timeout.InfiniteTimeSpan);
        }
    }
}
