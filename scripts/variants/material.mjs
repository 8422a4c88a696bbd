// What every variant reads and answers. The text is ordinary prose written for this purpose, so that no model has read it before.

export const TEXT = `The lighthouse at the end of the harbour wall had been dark for eleven years when the council decided to light it again. Nobody needed it. The ships found their way by satellite, and the few fishermen who still went out knew every rock by name. But the people of the town missed the slow white beam that used to cross their bedroom ceilings, and a retired teacher had collected four hundred signatures.

Repairing the lamp was harder than it looked. The old lens weighed more than a car, and it floated in a bath of mercury, which the law no longer allows. An engineer from the city suggested an electric lamp the size of a fist. It would be brighter, use as much power as a kettle and turn on a small motor. The keeper's daughter, who was now seventy, listened politely and asked whether it would make the same sound. It would not, he said; it would make no sound at all.

In the end they kept the lens and replaced the mercury with steel rollers. A clockmaker cut new gears, the school painted the door red, and the local bakery sold cakes in the shape of a tower to pay for the paint. On the first evening of October the whole town stood on the beach in the rain. At seven o'clock the light came on, turned once, stopped, and then, after somebody had kicked the motor, went round and round until morning.

Three things were learned from this. First, a light that nobody needs can still be useful. Second, rollers need oil every week, not every month. Third, if you ask four hundred people to sign their names, at least one of them will turn out to know how to repair a gear.`;

export const QUESTIONS = [
  'What is the capital of France?',
  'Name three fruits.',
  'Why is the sky blue?',
  'How do I boil an egg?',
  'Make a video of a red ball that moves left at night.',
  'Write a sentence about winter.',
  'What is 12 plus 30?',
  'Who wrote Hamlet?',
];
