using SpeechStream.Fleet.Database;
using SpeechStream.Fleet.Places;
using SpeechStream.Fleet.Recordings;
using SpeechStream.Fleet.Tests.Engines;

namespace SpeechStream.Fleet.Tests.Contract;

/// <summary>What both databases must do. Each class of the contract has one derived class for each of them.</summary>
public abstract class FleetContract : IAsyncLifetime
{
    private protected static readonly TimeSpan Lease = TimeSpan.FromSeconds(45);

    private protected Engine Engine { get; private set; } = null!;

    private protected ClaimTable Claims => new(Engine.Database);

    private protected LiveTable Live => new(Engine.Database);

    private protected JobTable Jobs => new(Engine.Database);

    private protected TranscriptTable Transcripts => new(Engine.Database);

    private protected StatusTable Status => new(Engine.Database);

    private protected Schema Schema => new(Engine.Database);

    public async ValueTask InitializeAsync()
    {
        Engine = await CreateAsync();
        await Schema.InitializeAsync(new FleetSettings { Quota = 2 }, default);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await (Engine?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private protected abstract Task<Engine> CreateAsync();

    private protected async Task SubmitAsync(params string[] ids) => await Jobs.SubmitAsync([.. ids.Select(id => new Recording(id, new Uri($"file:///calls/{id}")))], default);

    private protected Task<Claim?> ClaimAsync(string worker = "a") => Claims.ClaimAsync(worker, default);

    private protected async Task<Claim> MustClaimAsync(string worker = "a") => (await ClaimAsync(worker))!;

    private protected Task<bool> AppendAsync(Claim claim, int index, string text = "Hello.") => Transcripts.AppendAsync(claim, index - 1, Sentence(index, text), default);

    private protected async Task<bool> EndAsync(Claim claim, Ending ending, double hold = 0) => await Claims.EndAsync(claim, ending, TimeSpan.FromSeconds(hold), default) is not null;

    private protected async Task<FleetJob> JobAsync(string id) => (await Jobs.FindAsync(id, default)).Single();

    private protected static SentenceEnd Sentence(int index, string text = "Hello.") => new()
    {
        Index = index,
        BeginTime = TimeSpan.FromSeconds((2 * index) - 2),
        Time = TimeSpan.FromSeconds(2 * index),
        Text = text,
        Words = [new Word("Hello", TimeSpan.FromSeconds((2 * index) - 2), TimeSpan.FromSeconds(2 * index))],
        Confidence = 0.5,
    };
}
