using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers.Script;

/// <summary>How far a scripted connection's task is, for steps that wait. Any thread.</summary>
internal sealed class ScriptProgress
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;
    private int _bytesPerMillisecond = 1;
    private bool _started;
    private bool _stopped;
    private string _taskId = "";

    /// <summary>The task of the latest start; empty before.</summary>
    public string TaskId
    {
        get
        {
            lock (_lock)
            {
                return _taskId;
            }
        }
    }

    public void Start(string taskId, TaskParameters parameters) => Change(() =>
    {
        _taskId = taskId;
        _started = true;
        _bytesPerMillisecond = parameters.SampleRate * sizeof(short) / 1000;
    });

    public void AddAudio(int bytes) => Change(() => _bytes += bytes);

    public void Stop() => Change(() => _stopped = true);

    /// <summary>Returns when the task has got as far as a <c>wait</c> step says; audio is that of the whole connection.</summary>
    public async Task UntilAsync(ScriptStep wait, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (wait.Wait switch { "start" => _started, "stop" => _stopped, _ => _bytes >= (long)wait.Ms * _bytesPerMillisecond && _started })
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
