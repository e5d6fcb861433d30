using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace SpeechStream.Cli.Tests;

/// <summary>The command in this process, with everything around it captured.</summary>
internal sealed class CommandLine
{
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    public byte[] Input { get; init; } = [];

    /// <summary>Takes the place of <see cref="Input"/> where the test decides when it ends.</summary>
    public Pipe? LiveInput { get; init; }

    /// <summary>After its bytes nothing comes, as from a silent recorder.</summary>
    public bool KeepsInputOpen { get; init; }

    public Dictionary<string, string> Variables { get; } = [];

    public int? TerminalWidth { get; init; }

    public int? ErrorWidth { get; init; }

    /// <summary>Long, so that a slow machine doesn't look like a silent peer.</summary>
    public TimeSpan SilencePatience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether it takes too long before anything happens. A slow machine alone doesn't make it so.</summary>
    public bool IsPatienceOver { get; init; }

    /// <summary>What happens again and again happens once, at its start.</summary>
    public bool TicksAtOnce { get; init; }

    public string Output => _output.ToString();

    public string[] OutputLines => Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    public string[] ErrorLines => _error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    public Surroundings Surroundings => new()
    {
        Output = TextWriter.Synchronized(new StringWriter(_output, CultureInfo.InvariantCulture)),
        Error = TextWriter.Synchronized(new StringWriter(_error, CultureInfo.InvariantCulture)),
        OpenInput = OpenInput,
        Variable = name => Variables.GetValueOrDefault(name),
        TerminalWidth = () => TerminalWidth,
        ErrorWidth = () => ErrorWidth,
        Patience = SilencePatience,
        Clock = new Patience { IsOver = IsPatienceOver, TicksAtOnce = TicksAtOnce },
    };

    public Task<int> RunAsync(params string[] args) => RunAsync(CancellationToken.None, args);

    public Task<int> RunAsync(CancellationToken cancellationToken, params string[] args) => SpeechStreamCommand.RunAsync(args, Surroundings, cancellationToken);

    private Stream OpenInput()
    {
        if (LiveInput is not null)
        {
            return LiveInput.Reader.AsStream();
        }

        if (!KeepsInputOpen)
        {
            return new MemoryStream(Input);
        }

        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        pipe.Writer.Write(Input);
        _ = pipe.Writer.FlushAsync().AsTask();
        return pipe.Reader.AsStream();
    }

    private sealed class Patience : TimeProvider
    {
        public required bool IsOver { get; init; }

        public required bool TicksAtOnce { get; init; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (period == Timeout.InfiniteTimeSpan ? IsOver : TicksAtOnce)
            {
                callback(state);
            }

            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
