"""Claims written to pass where they shouldn't, and honest ones beside them, one sentence each.

Speakers, dates and several articles are in ``test_support_attacks_odd``. All people, companies and places are invented.
"""

from __future__ import annotations

import pytest

from qa.answer.support import Evidence, judge
from qa.types import Support

#: A sentence, then claims that cite it: "+" follows from it and is shown, "-" isn't (or only partly).
CASES = """
Helmut Draxo resigned on Friday as mayor of Pellworth after a row over parking fees.
  + Helmut Draxo resigned as mayor of Pellworth.
The tunnel, which carries 30,000 cars a day, was flooded on Sunday after a pipe burst.
  + The tunnel was flooded after a pipe burst.
Ostrava Mills plans to hire 150 people by the end of the year, its owner said.
  - Ostrava Mills plans to hire 150 people.
  - Ostrava Mills hired 150 people.
Three-quarters of residents opposed the mast, a council survey found.
  + Three out of four residents opposed the mast.
From January the price of the ticket rose to 45 crowns, up from 38.
  + The price of the ticket rose to 45 crowns.
The Selby Prize was awarded to Dr Iva Konnar, a soil chemist from Brno.
  + Dr Iva Konnar was awarded the Selby Prize.
Nobody was hurt in the collision, which blocked the line for four hours.
  + Nobody was hurt in the collision.
Fennick Foods on Thursday denied that it had laid off staff in Tarn.
  + Fennick Foods denied that it had laid off staff in Tarn.
  - Fennick Foods had laid off staff in Tarn.
The court in Ghent ordered Ruvo Tech to pay €3.2m to its former partner.
  + The court ordered Ruvo Tech to pay 3.2 million euros.
  + Ruvo Tech was ordered to pay €3.2 million by the court.
"We had no warning at all," said Elspeth Morrow, who runs the harbour.
  + “We had no warning at all,” Morrow said.
  - “We had little warning at all,” Morrow said.
  - Morrow said that they had "no warning whatever".
About 500 homes lost power when lightning struck a substation near Orrell.
  + About 500 homes lost power.
  - 500 homes lost power.
Teachers at Linden Grove may strike in May unless pay talks resume, their union said.
  - Teachers at Linden Grove may strike in May.
  - Teachers at Linden Grove will strike in May.
At 9 km, the bridge is longer than the Sund crossing, which opened in 1998.
  + The bridge is longer than the Sund crossing.
The number of beavers in the valley doubled in ten years, to 84.
  + The number of beavers doubled in ten years.
The inquiry is headed by Marek Sool, a former judge.
  + Marek Sool, a former judge, heads the inquiry.
The ferry leaves at 9:30.
  + THE FERRY LEAVES AT 9:30.
The reservoir holds 60 million gallons.
  - The reservoir holds 60 gallons.
The trial lasted 18 weeks and cost the state 2 million rand.
  - The trial lasted 18 months.
Unemployment fell to 4.1% in August from 4.4% in July.
  - Unemployment fell by 4.1%.
  - Unemployment was 4.1% in July.
  + Unemployment fell to 4.1% in August.
Four of the five missing boats were found, but one in five of the divers was not.
  - Four in five of the divers were found.
Ruvo Tech lent Kestle Bank 5 million euros in June.
  - Kestle Bank lent Ruvo Tech 5 million euros.
The owner accused the union of breaking the law.
  - The union accused the owner of breaking the law.
Draxo was beaten by Sool in the final in Tarn.
  - Draxo beat Sool in the final.
Kestle Bank sued an adviser of Fennick Foods in May.
  - Kestle Bank's adviser sued Fennick Foods.
Marek Sool succeeded Iva Konnar as director of the museum.
  - Iva Konnar succeeded Marek Sool as director.
The minister does not support the dam.
  - The minister supports the dam.
The regulator found no evidence of fraud at the lender.
  - The regulator found evidence of fraud.
The talks were nearly cancelled after a leak.
  - The talks were cancelled.
It is too early to say whether the vaccine is safe for children, the agency said.
  - The vaccine is safe for children.
Prosecutors have yet to say that Draxo took bribes.
  - Prosecutors say that Draxo took bribes.
The company did not stop selling the toy after the recall.
  - The company stopped selling the toy.
Sool resigned.
  - Sool would have resigned.
Sool told Draxo that the toll was unfair.
  - Draxo said the toll was unfair.
The driver told the police that he had not been drinking.
  - The police said the driver had been drinking.
The museum, which was founded in 1891, was rebuilt in 1911.
  - The museum was founded in 1911.
The strike began in April and ended on 3 May.
  - The strike began on 3 April.
Morrow called the storm 'a once-in-a-decade event'.
  - Morrow called the storm 'a once-in-a-lifetime event'.
It is unclear whether Vantry Rail closed the Orrell depot.
  - Vantry Rail closed the Orrell depot.
  + It is unclear whether Vantry Rail closed the depot.
Had Vantry Rail closed the Orrell depot, 200 people would have lost their jobs.
  - Vantry Rail closed the Orrell depot.
Should Vantry Rail close the Orrell depot, 200 people will lose their jobs.
  - Vantry Rail will close the Orrell depot.
Kestle Bank stopped short of buying Ruvo Tech.
  - Kestle Bank bought Ruvo Tech.
Kestle Bank walked away from buying Ruvo Tech.
  - Kestle Bank bought Ruvo Tech.
The dam is far from safe, engineers warned.
  - The dam is safe.
The dam is anything but safe.
  - The dam is safe.
Draxo pretended to have paid the toll.
  - Draxo paid the toll.
Draxo forgot to pay the toll.
  - Draxo paid the toll.
Sool's son was arrested in Tarn.
  - Sool was arrested in Tarn.
  + Sool's son was arrested.
The mayor's aide resigned on Monday.
  - The mayor resigned on Monday.
Critics of the dam won the vote.
  - The dam won the vote.
Talks between Kestle Bank and Ruvo Tech collapsed in June.
  - Kestle Bank collapsed in June.
The storm killed two people and injured 12.
  - The storm killed 12 people and injured two.
  - The storm killed 12 people.
  + The storm killed two people.
The bill passed the senate but not the house.
  - The bill passed the house.
  + The bill passed the senate.
All but two of the 12 bridges were closed.
  - All 12 bridges were closed.
The old mayor praised the new school.
  - The new mayor praised the old school.
Kestle Bank is a subsidiary of Ruvo Tech.
  - Ruvo Tech is a subsidiary of Kestle Bank.
Draxo said Morrow lied.
  - Morrow said Draxo lied.
The landslide happened because of the flood.
  - The flood happened because of the landslide.
The flood caused the landslide.
  - The landslide caused the flood.
Konnar is the first woman to win the Selby Prize.
  - Konnar is the first person to win the Selby Prize.
Fennick Foods sold sugar until 2010.
  - Fennick Foods has sold sugar since 2010.
The tax was halved.
  - The tax was doubled.
Sool owns less than half of the club.
  - Sool owns half of the club.
Profits doubled to £9m.
  - Profits tripled to £9m.
The driver was found guilty of assault and cleared of theft.
  - The driver was found guilty of theft and cleared of assault.
The ferry was full when it sank.
  - The ferry was empty when it sank.
Kestle Bank's rival was fined by the regulator.
  - Kestle Bank was fined by the regulator.
  + Kestle Bank's rival was fined.
The minister's resignation was demanded by the opposition.
  - The minister resigned.
Vantry Rail was about to sign the contract when the flood came.
  - Vantry Rail signed the contract.
Draxo is the former mayor of Pellworth.
  - Draxo is the mayor of Pellworth.
Draxo ran for mayor of Pellworth in 2019.
  - Draxo is the mayor of Pellworth.
Draxo was born in Tarn and died in Selby.
  - Draxo died in Tarn.
  + Draxo was born in Tarn.
The council will vote on whether to approve the mast.
  - The council approved the mast.
Few residents approved of the mast.
  - Residents approved of the mast.
The bus hit the lorry.
  - The lorry hit the bus.
The gunman killed two police officers.
  - The police killed the gunman.
Ruvo Tech has 900 employees, 40 of them in Ghent.
  - Ruvo Tech has 900 employees in Ghent.
Ruvo Tech made a profit of €4m in 2019 and a loss of €2m in 2020.
  - Ruvo Tech made a profit of €4m in 2020.
  + Ruvo Tech made a loss of €2m in 2020.
Ruvo Tech moved its office from Ghent to Antwerp.
  - Ruvo Tech moved its office to Ghent from Antwerp.
Police said there was no sign that the suspect was armed.
  - The suspect was armed.
Reports that the suspect was armed were false.
  - The suspect was armed.
It was wrong to say that the suspect was armed, police said.
  - The suspect was armed.
Konnar was called a liar by Sool.
  - Konnar called Sool a liar.
Investigators dismissed the theory that the fire started in the kitchen.
  - The fire started in the kitchen.
Three of the seven miners died.
  - Three of the seven miners survived.
The price of milk rose faster than the price of bread.
  - The price of bread rose faster than the price of milk.
Power to 500 homes was cut by this week's storm.
  - Last week's storm cut power to 500 homes.
Vantry Rail used to run the line.
  - Vantry Rail runs the line.
The school is a mile and a half from the plant.
  - The school is a mile from the plant.
Temperatures reached 40 degrees Celsius.
  - Temperatures reached 40 degrees Fahrenheit.
The company's shares rose 3% after it cut its forecast.
  - The company's shares fell 3% after it raised its forecast.
A group has claimed responsibility for the attack.
  - Nobody has claimed responsibility.
Elspeth Draxo opposed the levy, and Iain Morrow supported it.
  - Elspeth Morrow opposed the levy.
Draxo, the former mayor of Pellworth, opened a bakery.
  + Draxo is the former mayor of Pellworth.
The council will vote on the mast in June.
  + The council will vote on the mast.
Kestle Bank was fined £2m by the regulator on Friday.
  + The regulator fined Kestle Bank £2 million.
Selby-based Fennick Foods employs 300 people.
  + Fennick Foods, based in Selby, employs 300 people.
Lorna Weck, whose husband was convicted of fraud in 2018, left the board on Monday.
  - Lorna Weck was convicted of fraud in 2018.
  + Weck left the board on Monday.
The brewery in Selby will shut in June, while the one in Tarn will stay open.
  - The brewery in Tarn will shut in June.
  + The brewery in Selby will shut in June.
The brewery in Selby will shut in June and the brewery in Tarn in August.
  - The brewery in Tarn will shut in June.
The bank left its rate at 3%, although most analysts had expected it to be raised.
  - The bank raised its rate to 3%.
Ruvo Tech was not the only lender that Kestle Bank failed to warn about the risk.
  - Kestle Bank warned Ruvo Tech about the risk.
Vantry Rail sold its stake in Calder Freight, which it had owned since 1999.
  - Vantry Rail owns Calder Freight.
The vaccine could one day prevent malaria, the researchers hope.
  - The vaccine prevents malaria.
The army says it has retaken the airport from the rebels.
  - The rebels control the airport.
The rebels rejected the army's claim that it had retaken the airport.
  - The army has retaken the airport.
Draxo demanded that Sool apologise.
  - Sool apologised to Draxo.
Sool refused to apologise.
  - Sool apologised.
Morrow said that Sool need not apologise.
  - Sool should apologise, Morrow said.
The factory makes 400 cars a day.
  - The factory makes 400 cars an hour.
One in three children can swim, a survey found.
  - One in three children cannot swim.
The rescue cost less than £3m.
  - The rescue cost more than £3m.
The river rose to three metres.
  - The river rose by three metres.
The river rose three feet overnight.
  - The river rose three metres overnight.
Eleven people were injured and nobody died.
  - Eleven people died.
Eleven people were injured in the crash, one of whom later died.
  - Eleven people died in the crash.
  + Eleven people were injured in the crash.
"""


def cases_of(cases: str) -> list[tuple[bool, str, str]]:
    """Whether it is shown, the claim, its sentence: of each claim of a text like ``CASES``."""
    found, text = [], ""
    for line in cases.strip().splitlines():
        if line.startswith("  "):
            found.append((line[2] == "+", line[4:], text))
        else:
            text = line
    return found


@pytest.mark.parametrize(("shown", "claim", "text"), cases_of(CASES))
def test_what_follows_is_shown_and_nothing_else(shown: bool, claim: str, text: str) -> None:
    verdict = judge(claim, [Evidence(text=text)])
    assert (verdict.support is Support.SUPPORTED) == shown, verdict.texts
