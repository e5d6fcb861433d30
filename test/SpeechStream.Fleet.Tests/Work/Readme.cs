// The snippets of the package's README, compiled. The layout is the README's.
#pragma warning disable IDE0011, IDE0055
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SpeechStream.Fleet.Tests.Work;

internal static class Readme
{
    public static async Task Archive(SpeechStreamClient client)
    {
await using var fleet = SpeechFleet.Open("sqlite:jobs.db");
await fleet.InitializeAsync(new FleetSettings { Quota = 2 }); // 2 in a trial, 200 commercially, for all app keys of the account together

await fleet.SubmitAsync(Recording.FromFile("meeting.wav"));   // any format that SpeechStream.Media knows
await fleet.SubmitAsync(new Recording("call-4711", new Uri("https://archive.example/4711.wav?signature=…")) { Priority = 10 });

await fleet.RunWorkerAsync(new FleetWorkerOptions { Client = client, UntilDone = true }); // as many of these as you like, on any machine

var status = await fleet.StatusAsync();
Console.WriteLine($"{status.Done} done, {status.Poison} set aside");
foreach (var sentence in await fleet.ReadTranscriptAsync("meeting.wav"))
    Console.WriteLine($"{sentence.BeginTime}: {sentence.Text}");
    }

    public static void Host(HostApplicationBuilder builder)
    {
builder.Services.AddSpeechStream(builder.Configuration.GetSection("SpeechStream"));
builder.Services.AddSpeechStreamFleet(builder.Configuration.GetConnectionString("Fleet")!, worker => worker.Sessions = 8);
builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("SpeechStream.Fleet"));
    }

    public static async Task Live(SpeechFleet fleet, SpeechStreamClient client, Stream microphone, CancellationToken stop)
    {
await using var place = await fleet.AcquireLivePlaceAsync("studio-1", stop);
await foreach (var e in client.TranscribeAsync(microphone, new() { BeforeConnect = place.CheckAsync }, place.Lost))
    Console.WriteLine(e);
    }
}
