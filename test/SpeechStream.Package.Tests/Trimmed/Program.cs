using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SpeechStream;

// Everything that trimming could break: configuration, the container, JSON both ways, the socket.
var configuration = new ConfigurationBuilder()
    .AddInMemoryCollection([new("AppKey", "any"), new("Token", "any"), new("Endpoint", args[0]), new("StopTimeout", "00:00:20")])
    .Build();
await using var provider = new ServiceCollection().AddSpeechStream(configuration).BuildServiceProvider();
var audio = new byte[64_000];
new Random(1).NextBytes(audio);
var sentences = 0;
await foreach (var e in provider.GetRequiredService<SpeechStreamClient>().TranscribeAsync(new MemoryStream(audio)))
{
    sentences += e is SentenceEnd ? 1 : 0;
}

Console.WriteLine($"Sentences: {sentences}");
