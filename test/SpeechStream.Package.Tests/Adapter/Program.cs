#pragma warning disable MEAI001 // The speech part of Microsoft.Extensions.AI is experimental, and says so wherever it is used.
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SpeechStream;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSpeechStream(builder.Configuration.GetSection("SpeechStream"));
builder.Services.AddSpeechToTextClient(provider => provider.GetRequiredService<SpeechStreamClient>().AsSpeechToTextClient());
using var host = builder.Build();

await using var recording = File.OpenRead("meeting.wav");
var response = await host.Services.GetRequiredService<ISpeechToTextClient>().GetTextAsync(recording);
Console.WriteLine(response.Text);
